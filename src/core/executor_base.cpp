// SPDX-License-Identifier: Apache-2.0
// Defaults of the executor border.
#include <quartet/base/assert.hpp>
#include <quartet/core/executor_base.hpp>

namespace quartet {

void executor_base::drive(seam::atomic<bool> const&, time_point) {
  QUARTET_ASSERT(driven(), "only an executor that says it is driven can be driven");
}

void executor_base::count_in() noexcept {
  if (seam::hooked()) [[unlikely]]
    return seam::rarely([this] { outstanding_.fetch_add(1, seam::relaxed); });
  outstanding_.fetch_add(1, seam::relaxed, seam::quiet());
}

void executor_base::count_out() noexcept {
  if (seam::hooked()) [[unlikely]]
    return seam::rarely([this] { count_out_as<place>(); });
  count_out_as<seam::quiet>();
}

template <class W> void executor_base::count_out_as() noexcept {
  // After the decrement the executor may be gone; waking uses the address only.
  if (outstanding_.fetch_sub(1, seam::release, W::here()) == (awaited | 1)) [[unlikely]]
    seam::futex_wake(outstanding_, 1 << 30);  // (1)
}

void executor_base::wait_until_idle() noexcept {
  std::uint32_t now = outstanding_.fetch_or(awaited, seam::acquire) | awaited;  // (2)
  for (; now != awaited; now = outstanding_.load(seam::acquire))
    seam::futex_wait(outstanding_, now);
}

}  // namespace quartet
