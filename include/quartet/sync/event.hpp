// SPDX-License-Identifier: Apache-2.0
// A flag to wait for, for tasks and threads alike.
#pragma once

#include <quartet/core/wait_line.hpp>

namespace quartet {

/// Set or not set; `set` wakes everybody who waits, and it stays set until `reset`. Prefer a
/// `latch` when several must have arrived, a `channel` when each message is for one receiver.
/// Example: sync/event.test.cpp, set_wakes_everybody_who_waits.
/// Threads: all members concurrently.
/// Stop: a stopped wait changes nothing. Who was waiting at `set` goes on, also if `reset` follows
/// at once.
/// Errors: bounded waits throw timed_out.
/// Lifetime: may be destroyed by one who has waited, also while `set` is still returning elsewhere,
/// when nobody else waits.
/// Ordering: what was written before `set` is seen after the `wait` that it ends.
/// Cost: one short critical section; no allocation ever.
class event {
 public:
  explicit event(bool set = false) noexcept : set_(set) {}
  event(event const&) = delete;
  event& operator=(event const&) = delete;

  /// Blocks: never.
  void set() noexcept;
  void reset() noexcept;
  bool is_set() const noexcept;
  /// The same under the name that all primitives have.
  [[nodiscard]] bool try_wait() const noexcept { return is_set(); }

  /// Blocks: suspends the task until the event is set.
  [[nodiscard("co_await it")]] auto wait() noexcept { return wait_in_line(want{this}); }
  [[nodiscard("co_await it")]] auto wait_until(time_point t) noexcept {
    return wait_in_line(want{this}, t);
  }
  [[nodiscard("co_await it")]] auto wait_for(duration d) noexcept { return wait_until(after(d)); }

  /// Blocks: the thread until the event is set.
  void blocking_wait() { block_in_line(want{this}); }
  void blocking_wait_until(time_point t) { block_in_line(want{this}, t); }
  void blocking_wait_for(duration d) { blocking_wait_until(after(d)); }

 private:
  struct want {
    event* of;
    seam::mutex& guard() const noexcept { return of->guard_; }
    wait_line& line() const noexcept { return of->line_; }
    bool try_now(wake_list&) const noexcept { return of->set_; }
    void* payload() const noexcept { return nullptr; }
    void left(wake_list&) const noexcept {}
    void finish(bool got) const {
      if (!got) throw timed_out("an event was not set until the deadline");
    }
  };

  mutable seam::mutex guard_;  // guards the fields below
  detail::watched<bool> set_;
  wait_line line_;  // empty while set_
};

}  // namespace quartet
