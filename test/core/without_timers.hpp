// SPDX-License-Identifier: Apache-2.0
// An executor on which no timer can be armed.
#pragma once

#include <new>

#include <quartet/core/executor_base.hpp>

namespace quartet::test {

/// Runs what it is given on another executor, and has no room for timers.
/// Threads: as that one. Stop: not concerned. Errors: arming a timer throws std::bad_alloc.
/// Lifetime: the other one outlives it.
class without_timers final : public executor_base, timer_service {
 public:
  explicit without_timers(executor_base& e) : runs_(e) {}
  void start(call& c) noexcept override { runs_.start(c); }
  timer_service& timers() noexcept override { return *this; }

 private:
  void arm(timer&) override { throw std::bad_alloc(); }
  bool cancel(timer&) noexcept override { return false; }
  executor_base& runs_;
};

}  // namespace quartet::test
