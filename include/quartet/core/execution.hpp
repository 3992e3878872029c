// SPDX-License-Identifier: Apache-2.0
// What a thread of an executor knows of itself while it runs tasks.
#pragma once

#include <quartet/core/detail/frame_cache.hpp>
#include <quartet/seam/context.hpp>

namespace quartet {

class executor_base;
class task_context;

/// Where this thread is: in which executor, in which task. One for each worker, alive while the
/// thread works for that executor.
/// Threads: belongs to its thread. Stop: not concerned. Errors: none.
/// Lifetime: on the stack of the thread, inside an `execution_scope`.
class execution {
 public:
  explicit execution(executor_base& e) noexcept : executor(&e) {}
  execution(execution const&) = delete;
  execution& operator=(execution const&) = delete;
  virtual ~execution() = default;

  /// The thread is about to block, or has come back: a pool gives its slot away meanwhile.
  virtual void will_block() noexcept {}
  virtual void did_block() noexcept {}
  /// The task asks whether it was stopped, and was not yet: where all threads compute, one of them
  /// has to look at the clock now and then.
  virtual void asked_for_stop() noexcept {}

  executor_base* const executor;
  task_context* task = nullptr;  ///< what runs now; null between tasks
  detail::frame_cache frames;
};

/// The calling thread's execution; null outside executors.
inline execution* current_execution() noexcept {
  seam::context const* const c = seam::current();
  return c == nullptr ? nullptr : static_cast<execution*>(c->execution);
}

/// The task that runs on this thread; null outside tasks.
inline task_context* current_task() noexcept {
  execution* const e = current_execution();
  return e == nullptr ? nullptr : e->task;
}

/// Makes `e` the calling thread's execution for a scope; scopes nest.
/// Threads: belongs to its thread. Stop: not concerned. Errors: none.
/// Lifetime: `e` outlives the scope.
class execution_scope {
 public:
  explicit execution_scope(execution& e) noexcept {
    mine_.identity = seam::thread_identity();
    mine_.execution = &e;
    before_ = seam::exchange_current(&mine_);
    mine_.on = before_ == nullptr ? nullptr : before_->on;
  }
  execution_scope(execution_scope const&) = delete;
  execution_scope& operator=(execution_scope const&) = delete;
  ~execution_scope() { seam::exchange_current(before_); }

 private:
  seam::context mine_;
  seam::context* before_;
};

}  // namespace quartet
