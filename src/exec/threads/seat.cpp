// SPDX-License-Identifier: Apache-2.0
// Timers of the pool.
#include "seat.hpp"

#include "core.hpp"

namespace quartet::detail::pool {

void seat::arm(timer& t) {
  if (reactor_.load(seam::acquire) == nullptr) {
    seam::guard g(guard_);
    if (owned_.read() == nullptr) {
      owned_ = std::make_unique<reactor>();
      reactor_.store(owned_.read().get(), seam::release);  // (1)
    }
  }
  get().arm(t);
  seam::fence();
  if (wants_someone()) core_.call_one();
}

bool seat::cancel(timer& t) noexcept {
  return reactor_.load(seam::acquire) != nullptr && get().cancel(t);
}

}  // namespace quartet::detail::pool
