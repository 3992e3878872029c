// SPDX-License-Identifier: Apache-2.0
// @NAME@_executor: say in one sentence how it executes, and for what it is the right choice.
#pragma once

#include <vector>

#include <quartet/core/execution.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/seam/mutex.hpp>

namespace quartet {

/// Runs calls one at a time, first in first out, on whichever thread waits for one of them.
/// Threads: `submit` from any thread; one thread at a time drives. Stop: a call that is stopped
/// while it waits in the queue never runs. Errors: blocking inside one of its own tasks throws
/// would_deadlock. Lifetime: the destructor runs what is left; it outlives its futures.
class @NAME@_executor final : public executor_members<any_call>, private timer_service {
 public:
  @NAME@_executor() = default;
  ~@NAME@_executor() override;

  void start(call& c) noexcept override;
  timer_service& timers() noexcept override { return *this; }
  bool driven() const noexcept override { return true; }
  void drive(seam::atomic<bool> const& done, time_point deadline) override;

 private:
  void arm(timer& t) override;
  bool cancel(timer& t) noexcept override;

  bool step() noexcept;
  call* take() noexcept;
  void fire_due() noexcept;
  time_point next_timer() noexcept;

  seam::mutex guard_;              // guards the four fields below
  call* first_ = nullptr;          // the queue, linked by call::next; null: empty
  call* last_ = nullptr;           // its end; meaningless while first_ is null
  std::vector<timer*> timers_;     // sorted by when, then sequence
  std::size_t next_sequence_ = 1;  // of the next timer that is armed
  seam::futex_word arrivals_{0};   // (1) counted up by start, (2) read before looking for work
};

}  // namespace quartet
