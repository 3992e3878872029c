// SPDX-License-Identifier: Apache-2.0
// A fair mutex that many can share to read, for tasks and threads alike.
#pragma once

#include <quartet/sync/mutex.hpp>

namespace quartet {

/// Owned by one exclusively, or by any number who share it. All stand in one line: a writer waits
/// for those before it and for no later reader, and readers that stand together go in together.
/// Prefer a `mutex` when the work inside is short or mostly writes.
/// Example: sync/shared_mutex.test.cpp, readers_are_inside_together_and_a_writer_alone.
/// Threads: all members concurrently; unlocked by any task or thread, once per lock.
/// Stop: a stopped lock has not taken the mutex, and lets those behind it move up.
/// Errors: unlocking what is not locked so is an assertion; bounded locks throw timed_out. Who
/// locks again while owning it, shared too, waits for himself if a writer stands in line.
/// Lifetime: may be destroyed by the one who unlocked it last, when nobody waits.
/// Ordering: what was written before `unlock` is seen after the next lock of either kind, what was
/// read before `unlock_shared` is not changed by what follows the next `lock`.
/// Cost: uncontended two short critical sections, shared too; no allocation ever.
class shared_mutex {
 public:
  shared_mutex() noexcept = default;
  shared_mutex(shared_mutex const&) = delete;
  shared_mutex& operator=(shared_mutex const&) = delete;

  /// Blocks: suspends the task until it alone owns the mutex.
  [[nodiscard("co_await it")]] auto lock() noexcept {
    return wait_in_line(want{this, mode::exclusive});
  }
  [[nodiscard("co_await it")]] auto lock_until(time_point t) noexcept {
    return wait_in_line(want{this, mode::exclusive}, t);
  }
  [[nodiscard("co_await it")]] auto lock_for(duration d) noexcept { return lock_until(after(d)); }
  /// Blocks: suspends the task until it owns the mutex, perhaps with others.
  [[nodiscard("co_await it")]] auto lock_shared() noexcept {
    return wait_in_line(want{this, mode::shared});
  }
  [[nodiscard("co_await it")]] auto lock_shared_until(time_point t) noexcept {
    return wait_in_line(want{this, mode::shared}, t);
  }
  [[nodiscard("co_await it")]] auto lock_shared_for(duration d) noexcept {
    return lock_shared_until(after(d));
  }
  /// The same with an owner that unlocks at the end of its block.
  [[nodiscard("co_await it")]] auto scoped_lock() noexcept;
  [[nodiscard("co_await it")]] auto scoped_lock_shared() noexcept;

  /// Blocks: the thread until it alone owns the mutex.
  void blocking_lock() { blocking_lock_until(never); }
  void blocking_lock_until(time_point t) { block_in_line(want{this, mode::exclusive}, t); }
  void blocking_lock_for(duration d) { blocking_lock_until(after(d)); }
  /// Blocks: the thread until it owns the mutex, perhaps with others.
  void blocking_lock_shared() { blocking_lock_shared_until(never); }
  void blocking_lock_shared_until(time_point t) { block_in_line(want{this, mode::shared}, t); }
  void blocking_lock_shared_for(duration d) { blocking_lock_shared_until(after(d)); }

  /// Takes the mutex if nobody owns it. Blocks: never.
  [[nodiscard]] bool try_lock() noexcept;
  /// Shares the mutex if nobody owns it exclusively and nobody waits. Blocks: never.
  [[nodiscard]] bool try_lock_shared() noexcept;

  /// Hands the mutex on: to a writer, or to all readers up to the next writer. Blocks: never.
  void unlock() noexcept;
  void unlock_shared() noexcept;

 private:
  enum class mode : unsigned char { shared, exclusive };
  struct want {
    shared_mutex* of;
    mode how;
    seam::mutex& guard() const noexcept { return of->guard_; }
    wait_line& line() const noexcept { return of->line_; }
    bool try_now(wake_list&) const noexcept { return of->take(how); }
    void* payload() noexcept { return &how; }
    void left(wake_list& woken) const noexcept { of->hand_on(woken); }
    void finish(bool got) const {
      if (!got) late(how);
    }
  };
  struct want_owner;
  struct want_sharer;

  bool take(mode how) noexcept;
  bool grant(mode how) noexcept;
  void hand_on(wake_list& woken) noexcept;
  [[noreturn]] static void late(mode how);

  seam::mutex guard_;                         // guards the fields below
  detail::watched<std::size_t> sharers_ = 0;  // 0 while exclusive_
  detail::watched<bool> exclusive_ = false;
  wait_line line_;  // the payload is the mode; the first cannot have its own now
};

/// Owns a `shared_mutex` together with others for a block: `shared_lock_guard l{m};` blocks the
/// thread, and `auto l = co_await m.scoped_lock_shared();` suspends the task.
/// Threads: belongs to its block. Stop: not concerned. Errors: none.
/// Lifetime: the mutex outlives it.
class [[nodiscard]] shared_lock_guard {
 public:
  /// Blocks: the thread.
  explicit shared_lock_guard(shared_mutex& m) : mutex_(&m) { m.blocking_lock_shared(); }
  shared_lock_guard(shared_lock_guard&& other) noexcept
      : mutex_(std::exchange(other.mutex_, nullptr)) {}
  shared_lock_guard& operator=(shared_lock_guard&&) = delete;
  ~shared_lock_guard() {
    if (mutex_ != nullptr) mutex_->unlock_shared();
  }

 private:
  friend class shared_mutex;
  struct adopt {};
  shared_lock_guard(shared_mutex& m, adopt) noexcept : mutex_(&m) {}
  shared_mutex* mutex_;  // null: moved from
};

struct shared_mutex::want_owner : shared_mutex::want {
  lock_guard<shared_mutex> finish(bool got) const {
    want::finish(got);
    return {*of, lock_guard<shared_mutex>::adopt{}};
  }
};
struct shared_mutex::want_sharer : shared_mutex::want {
  shared_lock_guard finish(bool got) const {
    want::finish(got);
    return {*of, shared_lock_guard::adopt{}};
  }
};

inline auto shared_mutex::scoped_lock() noexcept {
  return wait_in_line(want_owner{{this, mode::exclusive}});
}
inline auto shared_mutex::scoped_lock_shared() noexcept {
  return wait_in_line(want_sharer{{this, mode::shared}});
}

}  // namespace quartet
