// SPDX-License-Identifier: Apache-2.0
// fib on std::async: a thread for each call, so a small n; the number of workers has no meaning.
#include <future>

#include "problem.hpp"

static long forked(long n) {
  if (n < 2) return n;
  auto left = std::async(std::launch::async, forked, n - 1);
  long const right = forked(n - 2);
  return left.get() + right;
}

int main(int argc, char** argv) { fib::measure(bench::parse(argc, argv), forked, fib::small_n); }
