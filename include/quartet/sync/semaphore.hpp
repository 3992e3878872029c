// SPDX-License-Identifier: Apache-2.0
// A fair counting semaphore for tasks and threads alike.
#pragma once

#include <quartet/core/wait_line.hpp>

namespace quartet {

/// A number of permits, taken one or several at a time. Whoever waited longest is served first: a
/// big request is not overtaken by small ones that would fit. Prefer a `channel` to pass data on.
/// Example: sync/semaphore.test.cpp, at_most_three_are_inside.
/// Threads: all members concurrently; released by any task or thread.
/// Stop: a stopped acquire has taken nothing, and lets those behind it move up.
/// Errors: bounded acquires throw timed_out. More than there will ever be is never granted.
/// Lifetime: may be destroyed when nobody waits and every `release` that others waited for has
/// handed its permits out.
/// Ordering: what was written before `release` is seen after the `acquire` that it served.
/// Cost: uncontended one short critical section; no allocation ever.
class semaphore {
 public:
  explicit semaphore(std::size_t permits) noexcept : free_(permits) {}
  semaphore(semaphore const&) = delete;
  semaphore& operator=(semaphore const&) = delete;

  /// Takes `n` permits at once. Blocks: suspends the task until it has them.
  [[nodiscard("co_await it")]] auto acquire(std::size_t n = 1) noexcept {
    return wait_in_line(want{this, n});
  }
  [[nodiscard("co_await it")]] auto acquire_until(time_point t, std::size_t n = 1) noexcept {
    return wait_in_line(want{this, n}, t);
  }
  [[nodiscard("co_await it")]] auto acquire_for(duration d, std::size_t n = 1) noexcept {
    return acquire_until(after(d), n);
  }

  /// Blocks: the thread until it has `n` permits.
  void blocking_acquire(std::size_t n = 1) { block_in_line(want{this, n}); }
  void blocking_acquire_until(time_point t, std::size_t n = 1) { block_in_line(want{this, n}, t); }
  void blocking_acquire_for(duration d, std::size_t n = 1) { blocking_acquire_until(after(d), n); }

  /// Takes `n` permits if they are free and nobody waits. Blocks: never.
  [[nodiscard]] bool try_acquire(std::size_t n = 1) noexcept;
  /// Gives `n` permits back, or new ones. Blocks: never.
  void release(std::size_t n = 1) noexcept;

  /// Permits that are free now; by the time you look it may have changed.
  std::size_t available() const noexcept;

 private:
  struct want {
    semaphore* of;
    std::size_t n;
    seam::mutex& guard() const noexcept { return of->guard_; }
    wait_line& line() const noexcept { return of->line_; }
    bool try_now(wake_list&) const noexcept { return of->take(n); }
    void* payload() noexcept { return &n; }
    void left(wake_list& woken) const noexcept { of->hand_out(woken); }
    void finish(bool got) const {
      if (!got) throw timed_out("too few permits of a semaphore were free until the deadline");
    }
  };
  bool take(std::size_t n) noexcept;
  void hand_out(wake_list& woken) noexcept;

  mutable seam::mutex guard_;          // guards the fields below
  detail::watched<std::size_t> free_;  // less than the first in line wants
  wait_line line_;                     // the payload is the number wanted
};

}  // namespace quartet
