// SPDX-License-Identifier: Apache-2.0
// The executor of threads: work-stealing workers that run functions and coroutines alike.
#pragma once

#include <memory>

#include <quartet/core/executor.hpp>
#include <quartet/core/pool_options.hpp>

namespace quartet {

namespace detail::pool {
class core;
}

/// A work-stealing pool. Prefer it to `event_loop` for work that computes on shared data, and for
/// waiting on the outside world with all cores.
///
/// Example: `thread_pool pool; int n = pool.submit(count, text).blocking_get();`
/// Threads: all members from any thread; the destructor from none of its own.
/// Ordering: calls from outside start first in, first out. Calls started by a running call are
/// taken newest first by its own worker and oldest first by the others; none waits behind newer
/// ones for more than a few dozen calls. A task that yields goes behind everything that waits.
/// Levels: what is `urgent` starts before all that is `high`, that before what is normal, and what
/// is in the background when nothing else waits; within a level whatever came first. One call in
/// 32 is of a lower level nevertheless, one in 256 of the background, so nothing starves. A
/// coroutine lets higher ones run at its next wait, even one that need not wait; a bulk call
/// between two chunks; a plain function cannot.
/// Blocks: a call that waits for a future, a thread or a primitive gives its slot to another
/// thread, so waits nest as deep as threads can be made. When it goes on, one of the others steps
/// back as soon as its own call has ended.
/// A call that waits without saying so (see `blocking`), or goes round in a circle, is found within
/// `pool_options::patience` while others wait for a worker: another thread takes its place, and
/// what is known of it is told to the observer or printed, each place once. When it comes back, one
/// of the two steps back as above. For that, SIGURG is sent to threads that compute, where nobody
/// else handles it: poll(2) and its like may then end with EINTR there. A call that computes is let
/// be, however long it takes. Stop: a call stopped while it waits never runs. Errors:
/// std::invalid_argument for an absurd number of workers or QUARTET_WORKERS. If not even one thread
/// can be started, calls fail with std::system_error; after the first the pool goes on with those
/// it has. Lifetime: starts nothing before the first call or `warm`, so it may stand at namespace
/// scope. The destructor waits until every call has ended, and joins all threads; a call of its own
/// that destroys it, or calls `std::exit` while it stands at namespace scope, ends the program in
/// words. Fork: the child of a fork does not have the threads of a pool that was used before. There
/// calls fail with `closed`, waits for calls of the parent throw it, and the destructor does
/// nothing; a task that forked ends its child, by exec or _exit, or the program ends in words.
class alignas(64) thread_pool final : public executor_members<any_call> {
 public:
  explicit thread_pool(pool_options o = {});
  ~thread_pool() override;

  /// Starts all workers now instead of when they are needed.
  /// Errors: std::system_error if the system refuses even the first thread.
  void warm();
  /// How many there may be now: see `pool_options::workers`.
  unsigned workers() const noexcept;

  /// Until `resume` no call begins, and none goes on that has suspended; those that run do. The
  /// destructor resumes, for good. Threads: any, also its own.
  void pause() noexcept;
  void resume() noexcept;

  /// What the workers have done so far.
  pool_counters counters() const noexcept;

  void start(call& c) noexcept override;
  std::uint64_t started() const noexcept override;
  void raise(call& c, priority to) noexcept override;
  timer_service& timers() noexcept override;
  descriptor_service* descriptors() override;

 private:
  std::unique_ptr<detail::pool::core> core_;
  observer* const observer_;  // null: nobody
};

}  // namespace quartet
