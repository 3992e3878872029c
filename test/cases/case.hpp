// SPDX-License-Identifier: Apache-2.0
// The acceptance cases: small programs with one known mistake each, and their mended twins.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <vector>

#include <quartet/exec/sim/detail/outline.hpp>
#include <quartet/jobs/races/detail/version.hpp>
#include <quartet/seam/clock.hpp>

namespace quartet::cases {

using detail::sim::verdict;

using jobs::races::broken, jobs::races::mended, jobs::races::version;

/// A set of ends of a run.
struct verdicts {
  unsigned bits = 0;
  constexpr verdicts() = default;
  template <std::same_as<verdict>... V> constexpr verdicts(V... v) : bits((0U | ... | bit(v))) {}
  constexpr bool has(verdict v) const { return (bits & bit(v)) != 0; }

 private:
  static constexpr unsigned bit(verdict v) { return 1U << static_cast<unsigned>(v); }
};

/// A program with a mistake, and what an exploration of it is to show. The bodies make all that
/// they use, so that they can run any number of times.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: of the program.
struct sim_case {
  int number;        ///< in the list of acceptance cases
  char const* name;  ///< several cases of one number are variants
  char const* idea;  ///< what is wrong, and where the idea is from
  void (*broken)() = nullptr;
  void (*mended)() = nullptr;
  verdicts shows = {};  ///< the ends that are the mistake; any other end but `ended` is false
  double mean_max = 0;  ///< the goal for the mean number of schedules; 0: none
  duration stall_min = duration::max();  ///< these three: see run_settings
  unsigned faults_percent = 0;
  bool uses_decide = false;
  unsigned heavy = 1;             ///< so many times fewer schedules are enough in tests
  bool slow = false;              ///< too deep to be searched for in a test
  char const* pending = nullptr;  ///< why there is no body yet
};

/// All cases by their number.
std::span<sim_case const> all_cases();

// The families, one file each.
std::vector<sim_case> account_cases();
std::vector<sim_case> buffer_cases();
std::vector<sim_case> cancel_cases();
std::vector<sim_case> channel_cases();
std::vector<sim_case> deadlock_cases();
std::vector<sim_case> executor_cases();
std::vector<sim_case> init_cases();
std::vector<sim_case> lifetime_cases();
std::vector<sim_case> order_cases();
std::vector<sim_case> queue_cases();
std::vector<sim_case> sort_cases();
std::vector<sim_case> stack_cases();
std::vector<sim_case> stage_cases();
std::vector<sim_case> stealing_cases();
std::vector<sim_case> waiting_cases();

}  // namespace quartet::cases
