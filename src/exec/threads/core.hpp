// SPDX-License-Identifier: Apache-2.0
// The pool behind `thread_pool`: its parts, and the way of a call into it.
//
//   outside ─▶ injection ─┐                                    timers (one idle worker waits there)
//                         ├─▶ worker: own deque, newest first ──▶ run
//   running call ─▶ deque ┘           injection, other deques, oldest first
//   yielded, or deque full ─▶ injection
//   urgent, high ─▶ levels ─▶ before all that; background ─▶ levels ─▶ after all that
//
// After each publication `call_one` (sleep_word.hpp) decides whether somebody has to be woken.
#pragma once

#include <optional>

#include <quartet/core/executor_base.hpp>
#include <quartet/core/pool_counters.hpp>
#include <quartet/core/pool_options.hpp>
#include <quartet/lockfree/event_count.hpp>
#include <quartet/lockfree/sleep_word.hpp>
#include <quartet/seam/home_process.hpp>

#include "crew.hpp"
#include "injection.hpp"
#include "levels.hpp"
#include "seat.hpp"

namespace quartet::detail::pool {

class ward;

/// Threads: all members concurrently. Stop: not concerned. Errors: calls fail if no thread starts.
/// Lifetime: `close` before it dies; every call has ended then.
class core {
 public:
  /// `o` checked, its workers counted. `most`: they follow what the machine gives us, up to so
  /// many; nothing: they stay.
  core(executor_base& e, pool_options const& o, std::optional<unsigned> most = {});

  void start(call& c) noexcept;
  /// A call that waits outside the deques gets a higher level.
  void raise(call& c, priority to) noexcept;
  /// Leaves `c` where calls of its level wait.
  void push_at_level(call& c, priority level) noexcept {
    if (level == priority::normal)
      injected.push(c);
    else
      levels.push(c, level);
  }
  /// After something was published: wakes one worker if none is awake to find it.
  template <class W = place> void call_one() noexcept {
    if (sleep.call_one<W>()) [[unlikely]]
      wake_one();
  }
  /// The same for one who has stopped looking: only if something waits.
  void call_for_waiting() noexcept;
  /// Between a step by which a thread stops looking and its look at the queues: what others put
  /// into deques behind a fence of the compiler only is seen, or they see the step. `self`: how
  /// many of those awake the thread is, 0 or 1.
  void fence_against_keepers(unsigned self) noexcept;
  /// The same for the last one who searched, and found something.
  void call_after_search() noexcept;
  /// Wakes a worker if anything waits that none may have seen.
  void call_if_needed() noexcept;
  /// The same for one who has left the poller.
  void call_for_timers() noexcept;
  /// After something was put into the own deque, without a fence.
  void kept() noexcept {
    if (for_publishers.wants_call()) [[unlikely]]
      call_one();
  }
  /// Whether any queue seems to have work, or the timers want somebody to wait for them.
  bool anything_waits() const noexcept;
  void wake_all() noexcept;
  /// No call begins, or goes on after a wait, until `resume`.
  void pause() noexcept {
    if (!ending.load(seam::seq_cst)) paused.store(true, seam::seq_cst);
    if (ending.load(seam::seq_cst)) resume();  // it has begun meanwhile
  }
  void resume() noexcept;
  /// The pool is being destroyed: what waits runs, and no task pauses it again.
  void resume_for_good() noexcept {
    ending.store(true, seam::seq_cst);
    resume();
  }
  pool_counters counters() const noexcept;
  /// Has the watchdog look after the workers. Once.
  void be_watched() noexcept;
  /// Sends the threads home. No call must be left.
  void close() noexcept;

  /// How many there may be now.
  unsigned workers() const noexcept { return workers_.load(seam::relaxed, seam::quiet()); }
  /// From now on. 1 to `most_workers`.
  void resize(unsigned n) noexcept;

  executor_base& owner;
  unsigned const most_workers;
  bool const follows_machine;
  unsigned const budget;
  seam::home_process process;
  lockfree::sleep_word sleep;
  // What is looked at after a push: the word, or, where the pusher would need a fence of its own,
  // one that always sends him to `call_one`.
  lockfree::sleep_word const& for_publishers;
  lockfree::event_count parked;
  // Threads that are not idle by their pulse: only these put anything into deques. Written (3)
  // before the step on `sleep` by which a thread begins to run, if there is one (a guest makes
  // none), and after the last thing it has kept; read (4) between a step and a look at the queues.
  alignas(64) seam::atomic<unsigned> awake{0};
  injection injected;
  pool::levels levels;
  // Whether levels have ever played a part: then calls from outside wait where they can be raised.
  seam::atomic<bool> has_levels{false};
  seat timers;
  seam::atomic<bool> closing{false};
  seam::atomic<bool> paused{false};
  seam::atomic<bool> ending{false};
  std::string const name;
  pool::crew crew;

 private:
  template <class W> void start_as(call& c) noexcept;
  [[gnu::cold]] static void refuse(call& c) noexcept;
  [[gnu::noinline]] void wake_one() noexcept;
  call* take_queued(call& c, priority to) noexcept;
  void levels_matter() noexcept {
    if (!has_levels.load(seam::relaxed)) has_levels.store(true, seam::relaxed);
  }
  void fail_all(std::exception_ptr const& why) noexcept;

  seam::atomic<unsigned> workers_;
  duration const patience_;
  observer* const observer_;     // null: nobody
  std::shared_ptr<ward> watch_;  // null: nobody looks

  // Threads from outside inside `start` with a call that may end, and with it the pool's last
  // reason to live, before they are out again.
  seam::atomic<unsigned> visitors_{0};
  seam::atomic<std::uint64_t> wakes_{0};  // counted for `counters` alone
};

}  // namespace quartet::detail::pool
