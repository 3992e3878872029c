// SPDX-License-Identifier: Apache-2.0
// sim_mutex: schedules a second. So many simulated threads as there are workers each count five
// times under one mutex; the count is watched for races. After Relacy's workloads.
#pragma once

#include "support/program.hpp"

namespace sim_mutex {

inline constexpr long schedules = 20'000;
inline constexpr int sections = 5;

/// `explore(n)` runs so many schedules and gives the sum of their counts.
template <class Explore> void measure(bench::options const& given, Explore&& explore) {
  long const n = given.scaled(schedules);
  long counted = 0;
  double const best = bench::best_ns(given, 5, [&] { counted = explore(n); });
  bench::require_answer(given, "sum of all counts", counted, n * given.workers * sections);
  bench::print("schedule", "ns", best / static_cast<double>(n));
}

}  // namespace sim_mutex
