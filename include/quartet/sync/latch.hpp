// SPDX-License-Identifier: Apache-2.0
// A count that goes down to zero once, for tasks and threads alike.
#pragma once

#include <quartet/core/wait_line.hpp>

namespace quartet {

/// Opens once, when it was counted down to zero, and stays open. Prefer an `event` when there is
/// one who decides, a `group` when tasks have to end.
/// Example: sync/latch.test.cpp, the_last_count_lets_everybody_go_on.
/// Threads: all members concurrently.
/// Stop: a stopped wait does not change the count; what was counted down stays counted.
/// Errors: counting below zero is an assertion; bounded waits throw timed_out.
/// Lifetime: may be destroyed by one who has waited, also while `count_down` is still returning
/// elsewhere, when nobody else waits.
/// Ordering: what was written before `count_down` is seen after `wait`.
/// Cost: one short critical section; no allocation ever.
class latch {
 public:
  explicit latch(std::size_t count) noexcept : count_(count) {}
  latch(latch const&) = delete;
  latch& operator=(latch const&) = delete;

  /// Takes `n` off the count; at zero everybody goes on. Blocks: never.
  void count_down(std::size_t n = 1) noexcept;
  [[nodiscard]] bool try_wait() const noexcept;

  /// Blocks: suspends the task until the count is zero.
  [[nodiscard("co_await it")]] auto wait() noexcept { return wait_in_line(want{this}); }
  [[nodiscard("co_await it")]] auto wait_until(time_point t) noexcept {
    return wait_in_line(want{this}, t);
  }
  [[nodiscard("co_await it")]] auto wait_for(duration d) noexcept { return wait_until(after(d)); }
  /// Counts down now and gives the wait. The arrival counts also if the wait is stopped.
  [[nodiscard("co_await it")]] auto arrive_and_wait(std::size_t n = 1) noexcept {
    count_down(n);
    return wait();
  }

  /// Blocks: the thread until the count is zero.
  void blocking_wait() { block_in_line(want{this}); }
  void blocking_wait_until(time_point t) { block_in_line(want{this}, t); }
  void blocking_wait_for(duration d) { blocking_wait_until(after(d)); }
  void blocking_arrive_and_wait(std::size_t n = 1) {
    count_down(n);
    blocking_wait();
  }

 private:
  struct want {
    latch* of;
    seam::mutex& guard() const noexcept { return of->guard_; }
    wait_line& line() const noexcept { return of->line_; }
    bool try_now(wake_list&) const noexcept { return of->count_ == 0; }
    void* payload() const noexcept { return nullptr; }
    void left(wake_list&) const noexcept {}
    void finish(bool got) const {
      if (!got) throw timed_out("a latch was not counted down to zero until the deadline");
    }
  };

  mutable seam::mutex guard_;  // guards the fields below
  detail::watched<std::size_t> count_;
  wait_line line_;  // empty once count_ is 0
};

}  // namespace quartet
