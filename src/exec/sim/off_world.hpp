// SPDX-License-Identifier: Apache-2.0
// The machine as it is, for a few lines of a simulated thread.
#pragma once

#include <utility>

#include <quartet/seam/context.hpp>
#include <quartet/seam/mutex.hpp>

namespace quartet::detail::sim {

/// Holds a mutex that simulated threads share with real ones. The simulator hears nothing of it, so
/// no other simulated thread runs meanwhile.
/// Threads: belongs to its thread. Stop: not concerned. Errors: none. Lifetime: a scope.
class off_world_guard {
 public:
  explicit off_world_guard(seam::mutex& m) noexcept
      : here_(seam::current()),
        before_(here_ == nullptr ? nullptr : std::exchange(here_->on, nullptr)),
        mutex_(m) {
    mutex_.lock();
  }
  off_world_guard(off_world_guard const&) = delete;
  off_world_guard& operator=(off_world_guard const&) = delete;
  ~off_world_guard() {
    mutex_.unlock();
    if (here_ != nullptr) here_->on = before_;
  }

 private:
  seam::context* const here_;
  seam::machine* const before_;
  seam::mutex& mutex_;
};

}  // namespace quartet::detail::sim
