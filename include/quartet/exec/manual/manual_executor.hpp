// SPDX-License-Identifier: Apache-2.0
// An executor driven by hand, with a clock that stands until it is advanced: for tests.
#pragma once

#include <quartet/base/intrusive_queue.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/exec/manual/detail/virtual_machine.hpp>
#include <quartet/reactor/detail/timer_heap.hpp>

namespace quartet {

/// Runs nothing until told. Time is virtual: it begins as the time of construction and passes only
/// by `advance`, or while `blocking_get` waits for something that needs it. Tasks see it too:
/// `clock::now()` inside a task gives `now()`, so `sleep_for` and timeouts are exact. (With
/// QUARTET_SIM=0 they are exact but for the real time between computing and arming.)
///
/// Threads: `submit` from any; all others from one thread at a time, never from its own tasks.
/// Stop: see `future`. Errors: would_deadlock from `blocking_get` if nothing is ready and no timer
/// is armed, and from each member that runs tasks when a task of it calls that.
/// Lifetime: the destructor runs what is there, advancing the time, until every call has ended; it
/// blocks for what other threads have still to do.
class manual_executor final : public executor_members<any_call>, timer_service {
 public:
  manual_executor() = default;
  ~manual_executor() override;

  /// Runs the call that became ready first. False: none is ready.
  bool run_one();
  /// Runs until no call is ready. How many ran.
  std::size_t run_until_idle();

  time_point now() noexcept { return machine_.now(); }
  /// Lets `d` pass: fires the timers that fall into it, in order. Runs no call.
  void advance(duration d);

  void start(call& c) noexcept override;
  timer_service& timers() noexcept override { return *this; }
  bool driven() const noexcept override { return true; }
  /// Runs calls until `done`; when none is ready the time jumps to the next timer, at most to
  /// `deadline`.
  void drive(seam::atomic<bool> const& done, time_point deadline) override;
  void drive_to_end(seam::atomic<bool> const& done) noexcept override;
  void count_in() noexcept override;
  void count_out() noexcept override;

 private:
  class inside;

  void arm(timer& t) override;
  bool cancel(timer& t) noexcept override;

  bool step() noexcept;
  bool fire_next(time_point last) noexcept;
  void wait_for_others(seam::atomic<bool> const* done = nullptr) noexcept;

  detail::virtual_machine machine_;
  seam::mutex lock_;  // guards the fields below
  intrusive_queue<call, &call::next> ready_;
  detail::timer_heap timers_;
  std::size_t outstanding_ = 0;          // calls begun and not ended
  std::size_t waiting_ = 0;              // threads in wait_for_others
  timer const* firing_ = nullptr;        // runs now; its address only
  void const* firing_thread_ = nullptr;  // where
  seam::condition changed_;              // a timer has fired, a call came, ran or ended
};

}  // namespace quartet
