// SPDX-License-Identifier: Apache-2.0
// for_even: y = 1.5·√x + 0.5 over ten million doubles; every element costs the same.
#pragma once

#include <cmath>

#include "support/program.hpp"

namespace for_even {

inline constexpr long full_size = 10'000'000;

/// What a contender gives: `loop(n, body)` calls `body(i)` for each i below n and waits.
template <class Loop> void measure(bench::options const& given, Loop&& loop) {
  long const n = given.scaled(full_size);
  std::vector<double> x(static_cast<std::size_t>(n)), y(x.size());
  for (std::size_t i = 0; i != x.size(); ++i) x[i] = static_cast<double>(i % 1024) * 4;
  double const best = bench::best_ns(given, 7, [&] {
    double const* const from = x.data();
    double* const to = y.data();
    loop(n, [=](long i) { to[i] = 1.5 * std::sqrt(from[i]) + 0.5; });
  });
  long right = 0;
  for (std::size_t i = 0; i != x.size(); ++i) right += y[i] == 1.5 * std::sqrt(x[i]) + 0.5;
  bench::require_answer(given, "number of right elements", right, n);
  bench::print("element", "ns", best / static_cast<double>(n));
}

}  // namespace for_even
