// SPDX-License-Identifier: Apache-2.0
// Counting a latch down.
#include <quartet/sync/latch.hpp>

namespace quartet {

void latch::count_down(std::size_t n) noexcept {
  wake_list woken;
  seam::guard g(guard_);
  QUARTET_ASSERT(n <= count_, "a latch was counted down below zero");
  count_ -= n;
  if (count_ == 0) line_.take_all(woken);
}

bool latch::try_wait() const noexcept {
  seam::guard g(guard_);
  return count_ == 0;
}

}  // namespace quartet
