// SPDX-License-Identifier: Apache-2.0
// An executor over a reactor and without threads: whoever waits for its work does the work.
#pragma once

#include <quartet/core/executor.hpp>
#include <quartet/reactor/detail/driver.hpp>

namespace quartet {

/// The common part of the loop, the inline executor, and the small loop of a worker process.
///
/// A thread that blocks for a result drives; if another thread drives already it waits until that
/// one has its result, or leaves and hands the role on. Calls run in the order of their start.
///
/// Threads: `start`, `submit` and `drive` from any; tasks run on one thread at a time.
/// Stop: see `call`. Errors: would_deadlock when a task blocks on its own executor, unless
/// nesting is allowed. Lifetime: the destructor of the derived class calls `drain` first.
template <class Border = any_call> class driven_executor : public executor_members<Border> {
 public:
  void start(call& c) noexcept override { driver_.events().post(c); }
  timer_service& timers() noexcept override { return driver_.events(); }
  descriptor_service* descriptors() override { return &driver_.events(); }
  bool driven() const noexcept override { return true; }
  void drive(seam::atomic<bool> const& done, time_point deadline) override {
    driver_.drive(*this, done, deadline);
  }
  void drive_to_end(seam::atomic<bool> const& done) noexcept override {
    driver_.drive_to(*this, done, never);
  }
  void count_in() noexcept override { driver_.count_in(); }
  void count_out() noexcept override { driver_.count_out(); }

  /// Where descriptors are watched.
  reactor& events() noexcept { return driver_.events(); }

 protected:
  /// Errors: std::system_error if there are too many descriptors.
  explicit driven_executor(detail::nesting n = detail::nesting::refused) : driver_(n) {}
  ~driven_executor() override = default;

  /// Drives until every call has ended. Blocks: the thread.
  void drain() noexcept { driver_.drain(*this); }
  /// Throws would_deadlock inside a task of this executor.
  void refuse_nested(char const* what) const { driver_.refuse_nested(*this, what); }

 private:
  detail::driver driver_;
};

}  // namespace quartet
