// SPDX-License-Identifier: Apache-2.0
// Asynchronous execution: one thread, many coroutines, in an order that is always the same.
#pragma once

#include <quartet/reactor/driven_executor.hpp>

namespace quartet {

/// Runs tasks on the thread that drives it, each until it waits, in the order in which they became
/// ready. It has no thread: `run`, `blocking_get` and the destructor drive it.
///
/// Prefer `thread_pool` for work that computes: a task that does not wait holds up all others.
///
/// Threads: `submit` from any; `run` from any but a task of this loop. Tasks never run
/// concurrently. Stop: see `future`.
/// Errors: would_deadlock when a task of the loop blocks on the loop; std::system_error when made,
/// if there are too many descriptors.
/// Lifetime: the destructor drives until every submitted call has ended; stop them first.
class event_loop final : public driven_executor<any_call> {
 public:
  event_loop() = default;
  ~event_loop() { drain(); }

  /// Runs `f(args...)`, a plain or coroutine function, to its end and gives what it gave. Calls
  /// that are still going on then stay for the next one who drives.
  /// Blocks: the thread. Errors: what `f` throws; would_deadlock inside a task of this loop.
  template <class F, class... A> auto run(F&& f, A&&... args) {
    refuse_nested("run");
    return submit(std::forward<F>(f), std::forward<A>(args)...).blocking_get();
  }
};

}  // namespace quartet
