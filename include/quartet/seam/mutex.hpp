// SPDX-License-Identifier: Apache-2.0
// The lock inside quartet's own structures: held for a few lines, never across a wait.
#pragma once

#include <quartet/seam/futex.hpp>

namespace quartet::seam {

/// A futex mutex of one word, not recursive, not fair. Users take `quartet::mutex`; this one
/// guards the insides of primitives and executors.
/// Threads: all members concurrently. Stop: not concerned: it is never held for long.
/// Errors: none. Lifetime: may be destroyed by whoever unlocked it last.
/// Ordering: unlock (1) releases, lock (2) acquires.
class mutex {
 public:
  constexpr mutex() noexcept = default;
  mutex(mutex const&) = delete;
  mutex& operator=(mutex const&) = delete;

  void lock(place where = place::here()) noexcept;
  bool try_lock(place where = place::here()) noexcept;
  void unlock(place where = place::here()) noexcept;

 private:
  friend class condition;
  std::atomic<std::uint32_t> word_{0};  // 0 free, 1 locked, 2 locked and perhaps waited for
};

/// Holds a `seam::mutex` for a scope.
class guard {
 public:
  explicit guard(mutex& m, place where = place::here()) noexcept : m_(&m) { m.lock(where); }
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
