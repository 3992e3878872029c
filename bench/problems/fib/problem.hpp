// SPDX-License-Identifier: Apache-2.0
// fib: every call is a task, also those with n < 2; one branch may run in place.
#pragma once

#include <algorithm>

#include "support/program.hpp"

namespace fib {

inline constexpr long full_n = 32;
inline constexpr long quick_n = 20;
inline constexpr long small_n = 16;  // for contenders that pay microseconds for each task

constexpr long value(long n) {
  long now = 0;
  long next = 1;
  for (long i = 0; i < n; ++i) {
    long const sum = now + next;
    now = next;
    next = sum;
  }
  return now;
}

/// How many calls the naive recursion makes, itself included.
constexpr long calls(long n) { return 2 * value(n + 1) - 1; }
static_assert(calls(32) == 7'049'155);

/// Times `run(n)`, which gives the n-th number, and prints the time of one task.
template <class Run> void measure(bench::options const& given, Run&& run, long full_size = full_n) {
  long const size = given.quick ? std::min(quick_n, full_size) : full_size;
  long answer = 0;
  double const best = bench::best_ns(given, 3, [&] { answer = run(bench::opaque(size)); });
  bench::require_answer(given, "fib", answer, value(size));
  bench::print("task", "ns", best / static_cast<double>(calls(size)));
  bench::print_peak_memory();
}

}  // namespace fib
