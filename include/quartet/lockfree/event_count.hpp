// SPDX-License-Identifier: Apache-2.0
// An event count: threads sleep until a condition kept in some lock-free structure may have
// changed.
//
// Why no wake-up is lost. A waiter counts itself (1), reads the epoch (2), fences (3), and only
// then looks at the condition; a notifier makes the condition true, fences (4), and only then
// reads the count (5). The two fences have one order. If (4) comes first, the waiter's look at the
// condition sees it true, and the waiter cancels. If (3) comes first, (5) sees the waiter counted,
// and the notifier raises the epoch (6). Then either (2) read the raised epoch, so it acquired
// what (6) released and the look at the condition sees it true; or the waiter sleeps only while
// the epoch is still its key, which the kernel compares under its own lock, and the wake-up that
// follows (6) finds it asleep.
// `notify_one` may wake more than one, never fewer: who has prepared but does not sleep yet sees
// the raised epoch without using up the wake-up of a sleeper.
#pragma once

#include <quartet/seam/futex.hpp>

namespace quartet::lockfree {

/// Lets consumers of a lock-free structure sleep while it is empty; the producer pays one fence
/// and one load while nobody sleeps. Prefer a `seam::condition` where the condition is under a
/// mutex anyway.
///
///   waiter:   if (take()) …; auto key = e.prepare_wait();
///             if (something_there()) e.cancel_wait(); else e.commit_wait(key);
///   notifier: put(x); e.notify_one();
///
/// Threads: all members concurrently. Stop: not concerned; whoever stops calls `notify_all`.
/// Errors: none. Lifetime: outlives every wait; a notifier must not be inside `notify` either.
/// Ordering: what was written before `notify` is visible to whoever it wakes.
/// Progress: all but `commit_wait` are wait-free but for a system call.
/// Cost: a system call on notification only while somebody waits.
class alignas(64) event_count {
 public:
  /// What `prepare_wait` saw; given to `commit_wait`.
  class key {
    friend class event_count;
    explicit key(std::uint32_t epoch) noexcept : epoch_(epoch) {}
    std::uint32_t epoch_;
  };

  event_count() = default;
  event_count(event_count const&) = delete;
  event_count& operator=(event_count const&) = delete;

  /// Announces a wait; look at the condition next, then cancel or commit. Blocks: never.
  [[nodiscard]] key prepare_wait(place where = place::here()) noexcept {
    waiters_.fetch_add(1, seam::relaxed, where);         // (1)
    auto const now = epoch_.load(seam::acquire, where);  // (2)
    seam::fence(where);                                  // (3)
    return key(now);
  }

  /// Withdraws the announcement. Blocks: never.
  void cancel_wait(place where = place::here()) noexcept {
    waiters_.fetch_sub(1, seam::relaxed, where);
  }

  /// Sleeps until a notification after `prepare_wait`, or `deadline`: false if that passed first.
  /// Blocks: the thread. Look at the condition again in either case.
  bool commit_wait(key k, time_point deadline = never, place where = place::here()) noexcept {
    bool in_time = true;
    while (epoch_.load(seam::acquire, where) == k.epoch_ && in_time)
      in_time = seam::futex_wait(epoch_, k.epoch_, deadline, where) != seam::wake::timed_out;
    waiters_.fetch_sub(1, seam::relaxed, where);
    return in_time;
  }

  /// Wakes at least one waiter if there is one. Blocks: never.
  void notify_one(place where = place::here()) noexcept { notify(1, where); }

  /// Wakes all waiters. Blocks: never.
  void notify_all(place where = place::here()) noexcept { notify(1 << 30, where); }

  /// How many threads have announced a wait, a moment ago. For statistics.
  std::uint32_t waiters(place where = place::here()) const noexcept {
    return waiters_.load(seam::relaxed, where);
  }

 private:
  void notify(int count, place where) noexcept {
    seam::fence(where);  // (4)
    if (waiters_.load(seam::relaxed, where) == 0) [[likely]]
      return;                                   // (5)
    epoch_.fetch_add(1, seam::release, where);  // (6)
    seam::futex_wake(epoch_, count, where);
  }

  seam::atomic<std::uint32_t> waiters_{0};  // those between prepare and the end of their wait
  seam::futex_word epoch_{0};               // counts notifications that met a waiter; may wrap
};

}  // namespace quartet::lockfree
