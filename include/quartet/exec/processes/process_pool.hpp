// SPDX-License-Identifier: Apache-2.0
// The executor whose calls run in worker processes.
#pragma once

#include <memory>
#include <vector>

#include <quartet/core/executor.hpp>
#include <quartet/core/pool_options.hpp>
#include <quartet/exec/processes/worker_died.hpp>
#include <quartet/wire/border.hpp>

namespace quartet {

namespace detail::processes {
class supervisor;
}

/// Runs calls in warm worker processes: a call that crashes, hangs or is hostile ends alone. Prefer
/// a `thread_pool` for functions that can be trusted: a call here costs tens of microseconds, and
/// its arguments and result are copied through shared memory.
///
/// Workers start with the first calls, one for each that finds no idle worker, up to the limit;
/// one that dies is replaced. They are forked from a fresh start of this program that never ran
/// `main`: global variables have their initial values there. A coroutine function runs on a small
/// loop in the worker.
/// Threads: `submit` and `start` from any. Ordering: calls start in the order of submission within
/// a priority; whoever waits for a call of a lower one raises it, while it waits itself.
/// Stop: a call that waits never starts; one that runs is ended by killing its worker, as is one
/// whose `timeout` has passed since it started; calls that waited in that worker run elsewhere.
/// Errors: what the function throws, as its own type if that is a standard or registered one, else
/// as remote_error; `worker_died` for the one call that ran when its process ended;
/// std::logic_error for a program without a guard, see worker_guard.
/// Lifetime: the destructor blocks until every call has ended, then ends all processes.
class process_pool final : public executor_members<sendable_border> {
 public:
  /// Errors: std::invalid_argument for more than `most_workers`.
  explicit process_pool(pool_options options = {});
  ~process_pool() override;

  void start(call& c) noexcept override;
  void raise(call& c, priority to) noexcept override;
  timer_service& timers() noexcept override;

  /// Starts all workers now. Blocks: until they run. Errors: those that keep them from starting.
  void warm();

  /// The most workers there will be.
  unsigned workers() const noexcept;
  /// The processes that live now; one that is just being started is not among them.
  std::vector<int> pids() const;

 private:
  std::unique_ptr<detail::processes::supervisor> supervisor_;
};

}  // namespace quartet
