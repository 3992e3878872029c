// SPDX-License-Identifier: Apache-2.0
// A meeting point of a known number, phase after phase, for tasks and threads alike.
#pragma once

#include <type_traits>
#include <utility>

#include <quartet/sync/detail/barrier_state.hpp>

namespace quartet {

/// Lets everybody go on when as many have arrived as it expects, then expects them again. At the
/// end of each phase the last to arrive calls `completion()`, before anybody goes on. Prefer a
/// `latch` for one phase, a `group` when tasks have to end.
///   for (; !done; step(mine)) co_await b.arrive_and_wait();
/// Example: sync/barrier.test.cpp, nobody_is_a_phase_ahead.
/// Threads: all members concurrently; who arrived for a phase arrives again when it is over.
/// Stop: a stopped wait leaves its arrival counted: the phase ends without it, and the next one
/// expects it again. One who then goes for good says so by `drop`, or the others wait in vain.
/// Errors: more arrivals than expected are an assertion; bounded waits throw timed_out, and one can
/// wait again with the same token. `completion` must be noexcept, and must neither wait nor arrive.
/// Lifetime: may be destroyed by one who has waited, also while the arrival that ended the phase
/// is still returning elsewhere, when nobody else waits.
/// Ordering: what was written before an arrival is seen by `completion` of its phase, and what that
/// has written after `wait`.
/// Cost: one short critical section, two more for the last of a phase; no allocation ever.
template <class F = detail::no_completion> class barrier {
  static_assert(std::is_nothrow_invocable_v<F&>,
                "quartet: what a barrier calls at the end of a phase must be noexcept and take "
                "nothing, for nobody could be told");
  using state = detail::barrier_state;

 public:
  /// What an arrival gives: says for which phase to wait. Lifetime: of no use after the barrier.
  using arrival_token = state::arrival_token;

  explicit barrier(std::size_t expected,
                   F completion = F()) noexcept(std::is_nothrow_move_constructible_v<F>)
      : state_(expected), completion_(std::move(completion)) {}
  barrier(barrier const&) = delete;
  barrier& operator=(barrier const&) = delete;

  /// Arrives for `n` participants; the last arrival of a phase ends it. Blocks: never.
  [[nodiscard("what to wait for")]] arrival_token arrive(std::size_t n = 1) noexcept {
    auto const [token, last] = state_.arrive(n);
    if (last) end_phase();
    return token;
  }
  /// Arrives, and is not expected in later phases. Blocks: never.
  void arrive_and_drop() noexcept {
    if (state_.arrive_and_drop()) end_phase();
  }
  /// For one who has arrived and, stopped in the wait, leaves: the next phase does not expect him;
  /// if it has begun meanwhile, this arrives there. Once for an arrival. Blocks: never.
  void drop(arrival_token mine) noexcept {
    if (state_.drop(mine)) end_phase();
  }

  /// Whether the phase of that arrival is over.
  [[nodiscard]] bool try_wait(arrival_token mine) const noexcept { return state_.is_over(mine); }

  /// Blocks: suspends the task until the phase of that arrival is over.
  [[nodiscard("co_await it")]] auto wait(arrival_token mine) noexcept {
    return wait_until(never, mine);
  }
  [[nodiscard("co_await it")]] auto wait_until(time_point t, arrival_token mine) noexcept {
    return wait_in_line(state::want{&state_, mine}, t);
  }
  [[nodiscard("co_await it")]] auto wait_for(duration d, arrival_token mine) noexcept {
    return wait_until(after(d), mine);
  }
  /// Arrives now and gives the wait. The arrival counts also if the wait is stopped, or does not
  /// begin because of a stop; who may leave then takes the token of `arrive` and waits with it.
  [[nodiscard("co_await it")]] auto arrive_and_wait() noexcept { return wait(arrive()); }

  /// Blocks: the thread until the phase of that arrival is over.
  void blocking_wait(arrival_token mine) { blocking_wait_until(never, mine); }
  void blocking_wait_until(time_point t, arrival_token mine) {
    block_in_line(state::want{&state_, mine}, t);
  }
  void blocking_wait_for(duration d, arrival_token mine) { blocking_wait_until(after(d), mine); }
  void blocking_arrive_and_wait() { blocking_wait(arrive()); }

 private:
  void end_phase() noexcept {
    completion_();
    state_.end_phase();  // the barrier may be gone from here on
  }

  state state_;
  F completion_;
};

}  // namespace quartet
