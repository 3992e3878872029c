// SPDX-License-Identifier: Apache-2.0
// Runs a body under many schedules, finds the one that breaks it, and brings it back by number.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <quartet/seam/check.hpp>
#include <quartet/seam/clock.hpp>

namespace quartet {

/// How much is explored, and what counts as a failure besides wrong results.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct explore_options {
  std::uint64_t schedules = 10'000;
  std::uint64_t seed = 1;  ///< from which the seeds of all schedules come
  unsigned explorers = 1;  ///< processes that explore side by side, at most 64
  /// A run that comes to more scheduling points has no end.
  std::uint64_t points_max = 1'000'000;
  /// A blocking wait with a deadline that had to expire, after nothing else went on for at least so
  /// long in virtual time, is a stall: somebody was not woken. `duration::max()`: never.
  duration stall_min = std::chrono::seconds(1);
  unsigned faults_percent = 0;         ///< how often each fault_point strikes
  unsigned memory_faults_percent = 0;  ///< how often there is no memory for a coroutine's frame
  /// How often a thread takes its time before an operation, up to 100 ms of virtual time: timers
  /// may come first.
  unsigned slow_percent = 0;
  /// A quarter of the schedules have what every machine may do: waits on a condition end for no
  /// reason, and so do weak compare-exchanges fail.
  bool surprises = true;
  /// Each schedule again for each checkpoint in it, with a stop requested there, of the scope that
  /// is looked at or listened to: at once in about half of the schedules, else any time from there
  /// on. A failure then is also what outlives the run of `shared` data, and in the preset `check`
  /// of quartet's own.
  bool stops = false;
  bool uses_decide = false;  ///< threads also switch before uses of `shared` data
  /// Not a sample but every schedule, or one of each class of schedules, as long as `schedules` are
  /// enough; the report says whether they were. For few threads with few steps.
  bool exhaustive = false;
  /// exhaustive: only schedules in which a thread that could go on makes way for another at most so
  /// often.
  unsigned preemptions_max = ~0U;
  bool minimise = true;  ///< look for the shortest schedule that still fails
  /// Real time in which no run ends: then a step of the body does not come back.
  duration hang_after = std::chrono::seconds(30);
};

/// How much of what can happen was tried.
enum class coverage : unsigned char {
  incomplete,         ///< a sample of the schedules
  complete_to_bound,  ///< all schedules with so many preemptions
  complete,           ///< one of each class of schedules
};

/// What went wrong in one schedule, and how to see it again.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct explore_failure {
  std::string kind;   ///< deadlock, data race, a check failed, …
  std::string what;   ///< who, what and where, in lines
  std::string story;  ///< the shortest schedule found, step by step
  /// Of the schedule that failed: sixteen hex digits, and `@5` if there was a stop at the fifth
  /// checkpoint.
  std::string token;
  std::string shortest;      ///< token of the shortest; equal to `token` if none was looked for
  std::size_t switches = 0;  ///< how often that one leaves the plain order
  std::size_t left_out = 0;  ///< threads that it does without
  /// After so many operations of it, all other continuations that were tried failed, too.
  std::optional<std::uint64_t> inevitable_after = {};
  std::uint64_t schedule = 0;  ///< which one it was, from 1
};

/// What an exploration has found out.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct explore_report {
  coverage how = coverage::incomplete;
  std::uint64_t schedules = 0;          ///< that ran to their end
  std::uint64_t classes = 0;            ///< that differ in more than the order of independent steps
  std::uint64_t new_in_last_tenth = 0;  ///< classes that the last tenth of the schedules added
  std::uint64_t checkpoints = 0;        ///< with `stops`: all those in schedules without one
  std::uint64_t stops = 0;              ///< requested, each at one of them
  std::vector<std::string> unreached;   ///< what `sometimes` asked for and never saw
  std::optional<explore_failure> failure;

  /// Nothing failed, and every goal was reached.
  bool passed() const noexcept { return !failure && unreached.empty(); }
  /// All of it, for people.
  std::string text() const;
};

namespace detail {
/// A callable by reference.
struct explored_body {
  void (*call)(void*);
  void* object;
};
explore_report explore(explore_options const& o, explored_body b);
explore_report replay(std::string_view token, explore_options const& o, explored_body b);

template <class F> auto with_body(F& f, auto use) {
  auto call = [&f] { f(); };  // a function has no address for a void*
  return use(explored_body{[](void* c) { (*static_cast<decltype(call)*>(c))(); }, &call});
}
}  // namespace detail

/// Runs `body` once for each schedule, in a simulated machine in which a seed decides whose turn it
/// is: threads, locks, atomics, pools, loops, channels and timers of quartet are all simulated.
/// The first schedule that fails ends it. It is replayed twice in new processes, to be sure that
/// its number brings it back, and shortened.
/// The environment has the last word: QUARTET_SEED=TOKEN runs only that schedule, QUARTET_TIMES=N
/// so many times as many, QUARTET_FRESH=N others than usual, QUARTET_POINTS=1 prints the source
/// files whose operations were reached, and QUARTET_POINTS=operations the operations themselves,
/// one of which QUARTET_MUTANT=FILE:LINE:KIND leaves out: an exploration worth its time then fails.
/// What leaves the simulator's control (a raw thread, a sleep, a clock, a `std::mutex` that another
/// simulated thread holds) is a failure that names the call; docs/explain/simulator.md lists all.
/// Simulated threads share `thread_local` variables, unnoticed if they have no destructor.
/// Example: test/explore.test.cpp, a_deadlock_is_explained.
/// Blocks: the thread. Stop: not concerned.
/// Errors: std::system_error if no process can be started; std::invalid_argument for a percentage
/// above 100, for numbers that would explore nothing, and for `stops` with `exhaustive`. A variable
/// of the environment that cannot be meant ends the process with exit code 2, after a line on
/// standard error. What goes wrong in the body is a failure in the report, a crash and a hang too.
template <class F> explore_report explore(explore_options const& o, F&& body) {
  return detail::with_body(body, [&](detail::explored_body b) { return detail::explore(o, b); });
}
template <class F>
requires std::is_invocable_v<F&> explore_report explore(F&& body) {
  return explore(explore_options{}, body);
}

/// Brings one schedule back: `token` is what a report printed. The options must be those of the
/// exploration; the report's story has every step.
/// Errors: std::invalid_argument for a token that is none, and as for explore.
template <class F>
explore_report replay(std::string_view token, F&& body, explore_options const& o = {}) {
  return detail::with_body(body,
                           [&](detail::explored_body b) { return detail::replay(token, o, b); });
}

}  // namespace quartet
