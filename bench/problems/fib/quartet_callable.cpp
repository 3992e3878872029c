// SPDX-License-Identifier: Apache-2.0
// fib on quartet: plain functions, two of them side by side in each call.
#include <quartet/algo/parallel_invoke.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

static long forked(long n) {
  if (n < 2) return n;
  auto [left, right] =
      quartet::parallel_invoke([n] { return forked(n - 1); }, [n] { return forked(n - 2); });
  return left + right;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  fib::measure(given, [&](long n) { return pool.submit(forked, n).blocking_get(); });
}
