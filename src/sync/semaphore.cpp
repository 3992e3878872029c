// SPDX-License-Identifier: Apache-2.0
// Handing permits out in the order of arrival.
//
// `free_` is always less than the first in line wants: `release`, and the leaving of the first,
// hand out until that is so again. Who comes newly takes only when nobody waits.
#include <quartet/sync/semaphore.hpp>

namespace quartet {

bool semaphore::take(std::size_t n) noexcept {
  if (!line_.empty() || free_ < n) return false;
  free_ -= n;
  return true;
}

void semaphore::hand_out(wake_list& woken) noexcept {
  while (!line_.empty()) {
    std::size_t const n = *static_cast<std::size_t*>(line_.front().payload);
    if (free_ < n) return;
    free_ -= n;
    line_.take(woken);
  }
}

bool semaphore::try_acquire(std::size_t n) noexcept {
  seam::guard g(guard_);
  return take(n);
}

void semaphore::release(std::size_t n) noexcept {
  wake_list woken;
  seam::guard g(guard_);
  free_ += n;
  hand_out(woken);
}

std::size_t semaphore::available() const noexcept {
  seam::guard g(guard_);
  return free_;
}

}  // namespace quartet
