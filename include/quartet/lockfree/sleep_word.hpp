// SPDX-License-Identifier: Apache-2.0
// Who is awake: one word that a publisher reads to learn whether anyone has to be woken.
//
// A worker is *running* a call, *searching* for one, or *idle*: asleep, or about to be (in the
// event count or in the poller). A slot that no thread holds but might (see crew) is idle too.
// The word counts the searching and the idle, and holds one flag: *called*, set by a publisher
// who has taken it on himself to bring an idle one, cleared by whoever becomes searching next.
//
// Rules
//   R1  Whoever publishes work then looks at the word, with a fence between. If nobody searches,
//       none is called and somebody is idle, he sets the flag and wakes one (`call_one`).
//   R2  Whoever becomes idle does so by a read-modify-write, then a fence, and then looks at every
//       queue and at the flag; if there is anything he gets up again.
//   R3  Whoever leaves the idle clears the flag in the same step; he becomes searching, or, if he
//       cannot search, looks at every queue and calls another.
//   R4  The last one to stop searching because he found work, if anybody is idle then, looks at
//       every queue afterwards (fence between), and calls another if there is anything.
//   R5  A thread that stops being a worker otherwise (gives its slot away) does as in R4.
//
// Invariant: while published work waits and somebody is idle, somebody searches, or is called, or
// is between his step of R2 to R5 and his look at the queues. So nothing waits beside sleepers.
//   Publisher saw a searcher: that one's step out of searching comes after the publisher's look,
//   so after the publisher's fence; the look that follows it (R2, R4) sees the work.
//   Publisher saw nobody idle: the step of whoever becomes idle comes later; R2 sees the work.
//   Publisher set the flag: somebody was idle at that step. He leaves (R3), or he is asleep and
//   the wake-up reaches him, or he has not looked yet and then sees the flag (R2: the fences of
//   `prepare_wait` and of `notify` order the flag against the count of waiters).
// The pair of fences of R1 on one side, R2 to R5 on the other is uneven: publishing is what happens
// all the time, so there the fence is the compiler's alone (`wants_call`), and those who stop
// looking make a heavy one, for all threads (`seam::heavy_fence`). Where that is not to be had,
// publishers go through `call_one`, which has a fence.
// A wake-up therefore costs a system call only if nobody is awake to find the work, and a burst of
// submissions wakes one thread; each that finds more than it can run brings the next.
#pragma once

#include <cstdint>

#include <quartet/seam/atomic.hpp>

namespace quartet::lockfree {

/// Says to whoever publishes work whether somebody sleeps who should come for it. Prefer it to a
/// bare `event_count` where workers search before they sleep, and publishing must cost next to
/// nothing. Threads: all members concurrently. Stop: not concerned. Errors: none. Lifetime: a word.
/// Progress: all are lock-free.
class sleep_word {
 public:
  constexpr explicit sleep_word(unsigned idle) noexcept : word_(idle * one_idle) {}

  /// R1. True: the caller must wake one.
  template <class W = place> bool call_one() noexcept {
    seam::fence(W::here());
    std::uint32_t w = word_.load(seam::relaxed, W::here());
    while ((w & (called_flag | searchers)) == 0 && w >= one_idle)
      if (word_.compare_exchange(w, w | called_flag, seam::seq_cst, seam::relaxed, W::here()))
        return true;
    return false;
  }
  /// The one that was called for cannot come.
  void uncall() noexcept { word_.fetch_and(~called_flag, seam::seq_cst); }
  /// Whether a publisher would have to wake one: for who has published behind a fence of the
  /// compiler only, which is enough where who lies down has a heavy one (see `heavy_fence`).
  bool wants_call() const noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    std::uint32_t const w = word_.load(seam::relaxed, seam::quiet());
    return (w & (called_flag | searchers)) == 0 && w != 0;
  }
  /// Whether anybody is idle, whom a publisher could have missed.
  bool any_idle() const noexcept { return word_.load(seam::relaxed, seam::quiet()) >= one_idle; }
  bool called() const noexcept { return (word_.load(seam::relaxed) & called_flag) != 0; }
  /// Whether somebody would like to have work: a reason to split a range.
  template <class W = place> bool hungry() const noexcept {
    return word_.load(seam::relaxed, W::here()) != 0 ||
           joining_.load(seam::relaxed, W::here()) != 0;
  }
  /// One who waits for work that others run would like a part of it. He counts as running: he
  /// takes nothing else.
  void join() noexcept { joining_.fetch_add(1, seam::relaxed); }
  void joined() noexcept { joining_.fetch_sub(1, seam::relaxed); }

  /// running → searching, unless `most` search already.
  bool try_search(std::uint32_t most) noexcept {
    std::uint32_t w = word_.load(seam::relaxed);
    while ((w & called_flag) != 0 || (w & searchers) < most)
      if (word_.compare_exchange(w, (w & ~called_flag) + 1, seam::seq_cst, seam::relaxed))
        return true;
    return false;
  }
  /// For one who is about to find work: he gets the word that he will write, on which producers
  /// look, while he waits for the work itself.
  void expect_end_of_search() const noexcept { word_.prefetch_for_write(); }
  /// searching → running. True: nobody searches now but somebody is idle, R4 applies.
  bool end_search() noexcept {
    std::uint32_t const w = word_.fetch_sub(1, seam::seq_cst);
    return (w & searchers) == 1 && w >= one_idle;
  }
  /// searching or running → idle; R2 applies.
  void lie_down(bool searching) noexcept {
    word_.fetch_add(searching ? one_idle - 1 : one_idle, seam::seq_cst);
  }
  /// idle → searching.
  void rise() noexcept {
    change([](std::uint32_t w) { return (w & ~called_flag) - one_idle + 1; });
  }
  /// idle → running. True: the flag was set, so look at the queues and call another (R3).
  bool rise_to_run() noexcept {
    return (change([](std::uint32_t w) { return (w & ~called_flag) - one_idle; }) & called_flag) !=
           0;
  }

 private:
  static constexpr std::uint32_t searchers = 0x7fff;
  static constexpr std::uint32_t called_flag = 0x8000;
  static constexpr std::uint32_t one_idle = 0x10000;

  template <class F> std::uint32_t change(F f) noexcept {
    std::uint32_t w = word_.load(seam::relaxed);
    while (!word_.compare_exchange(w, f(w), seam::seq_cst, seam::relaxed)) {
    }
    return w;
  }

  alignas(64) seam::atomic<std::uint32_t> word_;
  seam::atomic<std::uint32_t> joining_{0};
};

}  // namespace quartet::lockfree
