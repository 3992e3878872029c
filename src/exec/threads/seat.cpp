// SPDX-License-Identifier: Apache-2.0
// Timers and descriptors of the pool.
#include "seat.hpp"

#include <quartet/core/detail/after_fork.hpp>

#include "core.hpp"

namespace quartet::detail::pool {

reactor& seat::make() {
  if (!core_.process.is_here()) std::rethrow_exception(left_in_parent());
  if (reactor_.load(seam::acquire) == nullptr) {
    seam::guard g(guard_);
    if (owned_.read() == nullptr) {
      owned_ = std::make_unique<reactor>();
      reactor_.store(owned_.read().get(), seam::release);  // (1)
    }
  }
  return get();
}

void seat::call_if_nobody_sits() noexcept {
  seam::fence();
  if (wants_someone()) core_.call_one();
}

void seat::arm(timer& t) {
  make().arm(t);
  call_if_nobody_sits();
}

void seat::watch(int number, os::interest what, watcher& w) {
  make().watch(number, what, w);
  call_if_nobody_sits();
}

void seat::unwatch(watcher& w) noexcept {
  if (!core_.process.is_elsewhere()) get().unwatch(w);
}

bool seat::cancel(timer& t) noexcept {
  if (core_.process.is_elsewhere()) return true;  // it fires in the parent alone
  return reactor_.load(seam::acquire) != nullptr && get().cancel(t);
}

}  // namespace quartet::detail::pool
