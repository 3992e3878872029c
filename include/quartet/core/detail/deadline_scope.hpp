// SPDX-License-Identifier: Apache-2.0
// A stop scope that stops by itself when its time has come.
#pragma once

#include <quartet/core/executor_base.hpp>
#include <quartet/core/stop.hpp>

namespace quartet::detail {

/// Threads: made and ended by one owner. Stop: below `parent` if there is one.
/// Errors: bad_alloc. Lifetime: `end` before the last own use; references may outlive it.
class deadline_scope : public stop_state, timer {
 public:
  deadline_scope(executor_base& e, stop_state* parent);
  /// Makes one with a deadline. Errors: bad_alloc; what arming throws.
  static deadline_scope* with(executor_base& e, stop_state* parent, time_point deadline);

  /// Moves the deadline; `never` takes it away. Threads: the owner alone.
  void set_deadline(time_point when);
  time_point deadline() const noexcept { return when; }
  /// No deadline and no parent any more; drops the owner's reference.
  void end() noexcept;

 private:
  ~deadline_scope() override = default;
  timer_service& timers_;
};

/// Ends a scope at the end of a block.
class scope_end {
 public:
  explicit scope_end(deadline_scope* s) noexcept : scope_(s) {}
  scope_end(scope_end const&) = delete;
  scope_end& operator=(scope_end const&) = delete;
  ~scope_end() {
    if (scope_ != nullptr) scope_->end();
  }

 private:
  deadline_scope* scope_;
};

}  // namespace quartet::detail
