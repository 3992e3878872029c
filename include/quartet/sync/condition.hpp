// SPDX-License-Identifier: Apache-2.0
// Waiting under a mutex for something to become true, for tasks and threads alike.
#pragma once

#include <quartet/core/task.hpp>
#include <quartet/sync/mutex.hpp>

namespace quartet {

/// Waits until a predicate over data under a `mutex` holds. Every wait takes the predicate, so a
/// notification that came before it, or for nothing, does no harm. Prefer a `channel`, `semaphore`
/// or `event` where one fits.
///   auto l = co_await m.scoped_lock();
///   co_await c.wait(m, [&] { return !items.empty(); });
/// Example: sync/condition.test.cpp, a_consumer_waits_for_items.
/// Threads: all members concurrently. The mutex is locked by who waits; predicates run under it.
/// Stop: a stopped wait takes no notification: `notify_one` goes to the next in line. A wait that
/// was notified first ends as notified.
/// Errors: bounded waits throw timed_out if the predicate does not hold at the deadline; what the
/// predicate throws. However a wait ends, its mutex is locked again; that lock is not stopped.
/// Lifetime: outlives every wait; the predicate is moved into the wait.
/// Cost: for a task one frame from the worker's cache when the predicate does not hold at once.
class condition {
 public:
  condition() noexcept = default;
  condition(condition const&) = delete;
  condition& operator=(condition const&) = delete;

  /// Blocks: suspends the task, the mutex unlocked meanwhile, until `holds()`.
  template <class P> task<> wait(mutex& m, P&& holds) {
    return wait_until(m, never, std::forward<P>(holds));
  }
  template <class P> task<> wait_until(mutex& m, time_point t, P&& holds) {
    check<P>();
    return loop<std::decay_t<P>>(*this, m, t, std::forward<P>(holds));
  }
  template <class P> task<> wait_for(mutex& m, duration d, P&& holds) {
    return wait_until(m, after(d), std::forward<P>(holds));
  }

  /// Blocks: the thread, the mutex unlocked meanwhile, until `holds()`.
  template <class P> void blocking_wait(mutex& m, P&& holds) {
    blocking_wait_until(m, never, std::forward<P>(holds));
  }
  template <class P> void blocking_wait_until(mutex& m, time_point t, P&& holds) {
    while (!holds())
      if (!block_once(m, t) && !holds()) late();
  }
  template <class P> void blocking_wait_for(mutex& m, duration d, P&& holds) {
    blocking_wait_until(m, after(d), std::forward<P>(holds));
  }

  /// Lets the one look again who waited longest, or all. Change what the predicates look at under
  /// the mutex; the notification may come after the unlock. Blocks: never.
  void notify_one() noexcept;
  void notify_all() noexcept;

 private:
  // Where a wait stands: whether it has given its mutex up.
  struct visit {
    mutex& m;
    detail::watched<bool> unlocked = false;
  };
  struct want {
    condition* of;
    visit* by;
    seam::mutex& guard() const noexcept { return of->guard_; }
    wait_line& line() const noexcept { return of->line_; }
    bool try_now(wake_list&) const noexcept { return false; }
    void* payload() const noexcept { return nullptr; }
    void left(wake_list&) const noexcept {}
    void queued() const noexcept;
    bool finish(bool got) const noexcept { return got; }
  };

  template <class P> static consteval void check() {
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
    static_assert(std::is_lvalue_reference_v<P> || std::is_trivially_destructible_v<P>,
                  "quartet: GCC 12 destroys this predicate twice; capture by reference, or keep "
                  "it in a variable and pass that");
#endif
  }
  template <class P> static task<> loop(condition& c, mutex& m, time_point t, P holds) {
    while (!holds()) {
      bool const notified = co_await once(c, m, t);
      if (!notified && !holds()) late();
    }
  }
  /// One wait. False: the deadline has passed. The mutex is locked again in every case.
  static task<bool> once(condition& c, mutex& m, time_point t);
  bool block_once(mutex& m, time_point t);
  [[noreturn]] static void late();

  seam::mutex guard_;  // guards the field below
  wait_line line_;
};

}  // namespace quartet
