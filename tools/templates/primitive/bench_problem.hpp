// SPDX-License-Identifier: Apache-2.0
// @NAME@: one thread takes it and gives it back, over and over.
#pragma once

#include "support/program.hpp"

namespace @NAME@_problem {

inline constexpr long pairs = 1'000'000;

/// `take()` says whether it was free, `give()` gives it back.
template <class Take, class Give>
void measure(bench::options const& given, Take&& take, Give&& give) {
  long const count = given.scaled(pairs);
  int const rounds = given.repetitions(5);
  long taken = 0;
  double const best = bench::best_ns(given, rounds, [&] {
    for (long i = 0; i < count; ++i) {
      taken += take() ? 1 : 0;
      give();
    }
  });
  bench::require_answer(given, "times taken", taken, count * rounds);
  bench::print("pair", "ns", best / static_cast<double>(count));
}

}  // namespace @NAME@_problem
