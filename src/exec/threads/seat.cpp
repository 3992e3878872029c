// SPDX-License-Identifier: Apache-2.0
// Timers of the pool.
#include "seat.hpp"

#include <quartet/core/detail/after_fork.hpp>

#include "core.hpp"

namespace quartet::detail::pool {

void seat::arm(timer& t) {
  if (!core_.process.is_here()) std::rethrow_exception(left_in_parent());
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
  if (core_.process.is_elsewhere()) return true;  // it fires in the parent alone
  return reactor_.load(seam::acquire) != nullptr && get().cancel(t);
}

}  // namespace quartet::detail::pool
