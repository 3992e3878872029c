// SPDX-License-Identifier: Apache-2.0
// The lock inside quartet's own structures: held for a few lines, never across a wait.
#pragma once

#include <quartet/seam/futex.hpp>

namespace quartet::seam {

/// A futex mutex of one word, not recursive, not fair. Users take `quartet::mutex`; this one
/// guards the insides of primitives and executors.
///
/// No operation tests whether a machine listens; the word does it. `lock` expects in the word how
/// many listen, which is `free` only if none does, and a mutex locked while one listens holds
/// `told`, which `unlock` does not expect. What was not expected goes the long way, which looks.
/// Threads: all members concurrently. Stop: not concerned: it is never held for long.
/// Errors: none. Lifetime: may be destroyed by whoever unlocked it last.
/// Ordering: unlock (1) releases, lock (2) acquires.
/// Cost: uncontended a compare-exchange each, the same with QUARTET_SIM=0.
class mutex {
 public:
  constexpr mutex() noexcept = default;
  mutex(mutex const&) = delete;
  mutex& operator=(mutex const&) = delete;

  void lock(place where = place::here()) noexcept {
    if (!lock_quietly()) [[unlikely]]
      lock_otherwise(where.file, where.line, where.function);
  }
  bool try_lock(place where = place::here()) noexcept {
    if (lock_quietly()) [[likely]]
      return true;
    return try_lock_otherwise(where.file, where.line, where.function);
  }
  void unlock(place where = place::here()) noexcept {
    std::uint32_t seen = locked;
    if (!word_.compare_exchange_strong(seen, free, release, relaxed)) [[unlikely]]  // (1)
      unlock_otherwise(where.file, where.line, where.function);
  }

  /// Locks if the mutex is free and no machine listens: then the caller can be `quiet` until it
  /// unlocks. If not, it may be either; call `lock`.
  bool lock_quietly() noexcept {
    std::uint32_t seen = free;
#if QUARTET_SIM
    seen = static_cast<std::uint32_t>(hot.load(relaxed));
#endif
    return word_.compare_exchange_strong(seen, locked, acquire, relaxed);  // (2)
  }

  /// What the word can hold; none but `free` is a number of machines.
  enum : std::uint32_t {
    free,
    locked = 1U << 31,
    waited,  ///< locked, and perhaps somebody waits
    told     ///< locked while a machine listened
  };

 private:
  friend class condition;

  bool spin() noexcept;
  // What was not expected. A place in parts: whole it would be written to the stack before.
  [[gnu::noinline]] void lock_otherwise(char const* file, unsigned line,
                                        char const* function) noexcept;
  [[gnu::noinline]] bool try_lock_otherwise(char const* file, unsigned line,
                                            char const* function) noexcept;
  [[gnu::noinline]] void unlock_otherwise(char const* file, unsigned line,
                                          char const* function) noexcept;

  std::atomic<std::uint32_t> word_{free};
};

/// Says to a `guard` that the mutex is locked already.
struct adopt {};

/// Holds a `seam::mutex` for a scope.
class guard {
 public:
  explicit guard(mutex& m, place where = place::here()) noexcept : m_(&m) { m.lock(where); }
  guard(mutex& m, adopt) noexcept : m_(&m) {}
  guard(guard const&) = delete;
  guard& operator=(guard const&) = delete;
  ~guard() {
    if (m_ != nullptr) m_->unlock();
  }
  /// Unlocks now instead of at the end of the scope.
  void unlock() noexcept {
    m_->unlock();
    m_ = nullptr;
  }

 private:
  mutex* m_;  // null once unlocked
};

/// Condition variable for `seam::mutex`; wake-ups may be spurious.
/// Threads: all members concurrently. Stop: not concerned. Errors: none.
/// Lifetime: destroyed when nobody waits.
class condition {
 public:
  /// Unlocks `m`, waits until notified or `deadline`, locks again. Blocks: the thread.
  wake wait(mutex& m, time_point deadline = never, place where = place::here()) noexcept;
  void notify_one(place where = place::here()) noexcept;
  void notify_all(place where = place::here()) noexcept;

 private:
  futex_word turn_{0};  // counts notifications
};

}  // namespace quartet::seam
