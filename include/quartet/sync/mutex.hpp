// SPDX-License-Identifier: Apache-2.0
// A fair mutex for tasks and threads alike.
#pragma once

#include <utility>

#include <quartet/core/wait_line.hpp>

namespace quartet {

/// Mutual exclusion. Ownership is handed to the one who waited longest. Prefer a `channel` to pass
/// data on, `seam::mutex` never (it is for quartet's own insides).
/// Example: sync/mutex.test.cpp, a_counter_under_a_mutex_loses_nothing.
/// Threads: all members concurrently; unlocked by any task or thread, once per lock.
/// Stop: a stopped lock has not taken the mutex.
/// Errors: unlocking a free mutex is an assertion; bounded locks throw timed_out.
/// Lifetime: may be destroyed by the one who unlocked it last, when nobody waits.
/// Ordering: what was written before `unlock` is seen after the next `lock`.
/// Cost: uncontended two short critical sections; no allocation ever.
class mutex {
 public:
  mutex() noexcept = default;
  mutex(mutex const&) = delete;
  mutex& operator=(mutex const&) = delete;

  /// Blocks: suspends the task until it owns the mutex.
  [[nodiscard("co_await it")]] auto lock() noexcept { return wait_in_line(want{this}); }
  [[nodiscard("co_await it")]] auto lock_until(time_point t) noexcept {
    return wait_in_line(want{this}, t);
  }
  [[nodiscard("co_await it")]] auto lock_for(duration d) noexcept { return lock_until(after(d)); }
  /// The same with an owner that unlocks at the end of its block.
  [[nodiscard("co_await it")]] auto scoped_lock() noexcept;

  /// Blocks: the thread until it owns the mutex.
  void blocking_lock() { block_in_line(want{this}); }
  void blocking_lock_until(time_point t) { block_in_line(want{this}, t); }
  void blocking_lock_for(duration d) { blocking_lock_until(after(d)); }

  /// Takes the mutex if it is free. Blocks: never.
  [[nodiscard]] bool try_lock() noexcept {
    if (!guard_.lock_quietly()) [[unlikely]]
      return try_lock_otherwise();
    seam::guard g(guard_, seam::adopt());
    return !std::exchange(locked_, true);
  }
  /// Hands the mutex on. Blocks: never.
  void unlock() noexcept;

 private:
  struct want {
    mutex* of;
    seam::mutex& guard() const noexcept { return of->guard_; }
    wait_line& line() const noexcept { return of->line_; }
    bool try_now(wake_list&) const noexcept { return !std::exchange(of->locked_, true); }
    void* payload() const noexcept { return nullptr; }
    void left(wake_list&) const noexcept {}
    void finish(bool got) const {
      if (!got) throw timed_out("a mutex stayed locked until the deadline");
    }
    void note() const noexcept { detail::note_owner(seam::kind::own, &of->line_); }
  };
  struct want_owner;
  bool try_lock_otherwise() noexcept;
  void hand_on() noexcept;

  seam::mutex guard_;                     // guards the fields below
  detail::watched<bool> locked_ = false;  // stays true while ownership goes from one to the next
  wait_line line_;
};

/// Owns a locked `mutex` or `shared_mutex` for a block: `lock_guard l{m};` blocks the thread, and
/// `auto l = co_await m.scoped_lock();` suspends the task.
/// Threads: belongs to its block. Stop: not concerned. Errors: none.
/// Lifetime: the mutex outlives it.
template <class M> class [[nodiscard]] lock_guard {
 public:
  /// Blocks: the thread.
  explicit lock_guard(M& m) : mutex_(&m) { m.blocking_lock(); }
  lock_guard(lock_guard&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
  lock_guard& operator=(lock_guard&&) = delete;
  ~lock_guard() {
    if (mutex_ != nullptr) mutex_->unlock();
  }

 private:
  friend M;
  struct adopt {};
  lock_guard(M& m, adopt) noexcept : mutex_(&m) {}
  M* mutex_;  // null: moved from
};

struct mutex::want_owner : mutex::want {
  lock_guard<mutex> finish(bool got) const {
    want::finish(got);
    return {*of, lock_guard<mutex>::adopt{}};
  }
};

inline auto mutex::scoped_lock() noexcept { return wait_in_line(want_owner{{this}}); }

}  // namespace quartet
