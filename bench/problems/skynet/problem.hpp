// SPDX-License-Identifier: Apache-2.0
// skynet: ten-way recursion to a million leaves, a task each; the sum of the leaves' numbers.
#pragma once

#include "support/program.hpp"

namespace skynet {

inline constexpr long leaves = 1'000'000;
inline constexpr long quick_leaves = 10'000;
inline constexpr long ways = 10;

constexpr long sum(long size) { return size * (size - 1) / 2; }
/// Tasks of a tree with `size` leaves, inner ones and the root included.
constexpr long tasks(long size) { return size == 1 ? 1 : 1 + ways * tasks(size / ways); }
static_assert(sum(leaves) == 499'999'500'000 && tasks(leaves) == 1'111'111);

/// A leaf's number, kept from being folded.
inline long leaf(long number) { return bench::opaque(number); }

/// Times `run(first, size)`, which gives the sum below a node, and prints the time of one task.
template <class Run> void measure(bench::options const& given, Run&& run) {
  long const size = given.quick ? quick_leaves : leaves;
  long answer = 0;
  double const best = bench::best_ns(given, 5, [&] { answer = run(0, bench::opaque(size)); });
  bench::require_answer(given, "sum", answer, sum(size));
  bench::print("task", "ns", best / static_cast<double>(tasks(size)));
  bench::print_peak_memory();
}

}  // namespace skynet
