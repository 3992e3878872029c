// SPDX-License-Identifier: Apache-2.0
// for_uneven: the first twentieth of the elements costs a hundred times as much as the others.
#pragma once

#include "support/program.hpp"

namespace for_uneven {

inline constexpr long full_size = 100'000;

/// `rounds` steps of a mixing function, one after the other.
inline std::uint64_t mixed(std::uint64_t x, int rounds) {
  for (int k = 0; k != rounds; ++k) {
    x ^= x >> 31;
    x *= 0x9e3779b97f4a7c15U;
  }
  return x;
}
inline std::uint64_t element(long i, long n) {
  return mixed(static_cast<std::uint64_t>(i) + 1, i < n / 20 ? 800 : 8);
}

/// What a contender gives: `loop(n, body)` calls `body(i)` for each i below n and waits.
template <class Loop> void measure(bench::options const& given, Loop&& loop) {
  long const n = given.scaled(full_size);
  std::vector<std::uint64_t> y(static_cast<std::size_t>(n));
  double const best = bench::best_ns(given, 7, [&] {
    std::uint64_t* const to = y.data();
    loop(n, [=](long i) { to[i] = element(i, n); });
  });
  long right = 0;
  for (long i = 0; i != n; ++i) right += y[static_cast<std::size_t>(i)] == element(i, n);
  bench::require_answer(given, "number of right elements", right, n);
  bench::print("element", "ns", best / static_cast<double>(n));
}

}  // namespace for_uneven
