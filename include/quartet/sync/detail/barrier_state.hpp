// SPDX-License-Identifier: Apache-2.0
// The inside of a barrier: who is missing in this phase, and who waits for its end.
//
//   open       missing_ > 0     arrivals count down
//   completing missing_ == 0    the last to arrive runs the completion, without the lock
//   -> open again by end_phase: the phase has another number, as many are missing as are expected
//
// Only waiters of the present phase stand in line: who waits for an earlier one need not. Between
// the last arrival and `end_phase` nobody can know that the phase is over, so nobody may arrive.
// missing_ <= expected_ while open, since each who leaves has arrived before or arrives by it.
// Refused: running the completion under the lock. A stop or a deadline of one who waits would
// stand still behind the user's code, and that code could not look at the barrier.
#pragma once

#include <cstdint>

#include <quartet/core/wait_line.hpp>

namespace quartet::detail {

/// What a barrier does at the end of a phase if nothing else was said.
struct no_completion {
  void operator()() const noexcept {}
};

/// Threads: all members concurrently; `end_phase` by whoever was told that he was the last.
/// Stop: see wait_line. Errors: assertions. Lifetime: in its barrier.
class barrier_state {
 public:
  /// Says in which phase one has arrived.
  class arrival_token {
    friend class barrier_state;
    explicit arrival_token(std::uint64_t phase) noexcept : phase_(phase) {}
    std::uint64_t phase_;
  };
  struct arrival {
    arrival_token token;
    bool last;  // true: the caller ends the phase
  };

  explicit barrier_state(std::size_t expected) noexcept : expected_(expected), missing_(expected) {}

  [[nodiscard]] arrival arrive(std::size_t n) noexcept;
  /// True: the caller ends the phase.
  [[nodiscard]] bool arrive_and_drop() noexcept;
  [[nodiscard]] bool drop(arrival_token mine) noexcept;
  void end_phase() noexcept;
  bool is_over(arrival_token a) const noexcept;

  struct want {
    barrier_state* of;
    arrival_token mine;
    seam::mutex& guard() const noexcept { return of->guard_; }
    wait_line& line() const noexcept { return of->line_; }
    bool try_now(wake_list&) const noexcept { return of->phase_ != mine.phase_; }
    void* payload() const noexcept { return nullptr; }
    void left(wake_list&) const noexcept {}
    void finish(bool got) const {
      if (!got) throw timed_out("too few arrived at a barrier until the deadline");
    }
  };

 private:
  bool count(std::size_t n) noexcept;
  bool count_out() noexcept;

  mutable seam::mutex guard_;  // guards the fields below
  watched<std::uint64_t> phase_ = 0;
  watched<std::size_t> expected_;  // in the phases after this one
  watched<std::size_t> missing_;   // in this phase
  wait_line line_;                 // of this phase
};

}  // namespace quartet::detail
