// SPDX-License-Identifier: Apache-2.0
// reduce: the sum of the squares of ten million doubles.
#pragma once

#include <vector>

#include "support/program.hpp"

namespace reduce {

inline constexpr long full_size = 10'000'000;

inline double square(double x) { return x * x; }

/// What a contender gives: `sum(x)` is the sum of the squares of all of `x`.
template <class Sum> void measure(bench::options const& given, Sum&& sum) {
  long const n = given.scaled(full_size);
  std::vector<double> x(static_cast<std::size_t>(n));
  long expected = 0;  // small whole numbers: every order of additions gives the same sum
  for (std::size_t i = 0; i != x.size(); ++i) {
    x[i] = static_cast<double>(i % 64);
    expected += static_cast<long>(i % 64) * static_cast<long>(i % 64);
  }
  double result = 0;
  double const best = bench::best_ns(given, 7, [&] { result = sum(x); });
  bench::require_answer(given, "sum", static_cast<long>(result), expected);
  bench::print("element", "ns", best / static_cast<double>(n));
}

}  // namespace reduce
