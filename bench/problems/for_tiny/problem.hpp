// SPDX-License-Identifier: Apache-2.0
// for_tiny: a loop of a thousand additions, again and again: what a loop costs beside its work.
#pragma once

#include "support/program.hpp"

namespace for_tiny {

inline constexpr long items = 1000;
inline constexpr long full_loops = 20'000;

/// What a contender gives: `loop(n, body)` calls `body(i)` for each i below n and waits.
template <class Loop> void measure(bench::options const& given, Loop&& loop) {
  long const loops = given.scaled(full_loops);
  int const rounds = given.repetitions(7);
  std::vector<double> y(static_cast<std::size_t>(items), 0.0);
  double const best = bench::best_ns(given, rounds, [&] {
    double* const to = y.data();
    for (long k = 0; k != loops; ++k) loop(items, [=](long i) { to[i] += 1; });
  });
  long sum = 0;
  for (double const each : y) sum += static_cast<long>(each);
  bench::require_answer(given, "sum of all elements", sum, loops * rounds * items);
  bench::print("loop", "ns", best / static_cast<double>(loops));
}

}  // namespace for_tiny
