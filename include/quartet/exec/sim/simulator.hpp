// SPDX-License-Identifier: Apache-2.0
// An executor whose threads are simulated: one OS thread, virtual time, a seed decides who goes on.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <type_traits>

#include <quartet/core/executor.hpp>

namespace quartet {

namespace detail::sim {
class core;
}

/// How a simulator is to be.
/// Threads: a value. Stop: not concerned. Errors: see simulator. Lifetime: a value.
struct simulator_options {
  std::uint64_t seed = 1;  ///< decides who goes on; equal seeds decide alike
  unsigned workers = 2;  ///< how many simulated threads run calls at a time, those apart that wait
  /// So many operations on atomics, locks and the like may happen in one wait of those outside.
  std::uint64_t points_max = 10'000'000;
};
static_assert(std::is_trivially_destructible_v<simulator_options>);

/// The simulated run has ended before the calls have, and none of them goes on: a `check` failed,
/// an `invariant` was broken, plain data was raced for, an exception left a thread, or there was no
/// end to it.
/// Threads: a value. Stop: not concerned. Errors: is one. Lifetime: owns its text.
class simulation_failed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Runs calls on simulated threads, all of them inside the OS thread that waits for a result; that
/// one drives. The seed decides at each operation of a lock, an atomic or a queue which thread goes
/// on, and which call is taken next: the same program with the same seed does the same again.
///
/// What a call does it does in there: it may block for another call of this executor, start
/// threads, make a thread_pool, an event_loop or channels. Time is virtual in all of it, and moves,
/// to the next deadline, only when nobody can go on.
///
/// Shape: each simulated thread has a stack of 256 KiB.
/// Threads: `submit` from any. One drives at a time, others wait meanwhile; threads outside are not
/// simulated, so what they do in between is no part of what the seed decides.
/// Stop: see `future`; a function that computes sees no timeout, because time stands meanwhile.
/// Errors: std::invalid_argument for absurd options; std::runtime_error if made without the hooks
/// of the seam (QUARTET_SIM=0). From a wait outside: would_deadlock if nobody can go on and no
/// timer is armed, with who stands where; then it may be tried again, should another thread have
/// resumed somebody. simulation_failed when the run is over, then and ever after; std::system_error
/// if there is no memory for stacks.
/// Lifetime: the destructor runs what is there until every call has ended; it blocks for what other
/// threads have still to do. But if the run is over, or a wait was refused and still nobody can go
/// on, what has not ended is left where it stands for ever: nothing of it is destroyed, and nothing
/// may resume it. Threads that a call started end, and are joined, inside calls.
class simulator final : public executor_members<any_call> {
 public:
  explicit simulator(simulator_options o = {});
  ~simulator() override;

  std::uint64_t seed() const noexcept;
  /// The virtual time.
  time_point now() const noexcept;
  /// Who did what so far, in order, as one number: equal for equal runs.
  std::uint64_t trace_hash() const noexcept;

  void start(call& c) noexcept override;
  timer_service& timers() noexcept override;
  bool driven() const noexcept override { return true; }
  /// Inside: blocks the simulated thread. Outside: runs it all until `done`, or until as much
  /// virtual time has passed as `deadline` is away.
  void drive(seam::atomic<bool> const& done, time_point deadline) override;
  void drive_to_end(seam::atomic<bool> const& done) noexcept override;
  void count_in() noexcept override;
  void count_out() noexcept override;

 private:
  std::unique_ptr<detail::sim::core> const core_;
};

}  // namespace quartet
