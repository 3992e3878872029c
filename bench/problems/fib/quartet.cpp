// SPDX-License-Identifier: Apache-2.0
// fib on quartet: a fork of two coroutines in each call.
#include <quartet/algo/fork_join.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

static quartet::task<long> forked(long n) {
  if (n < 2) co_return n;
  auto [left, right] =
      co_await quartet::fork_join([n] { return forked(n - 1); }, [n] { return forked(n - 2); });
  co_return left + right;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  fib::measure(given, [&](long n) { return pool.submit(forked, n).blocking_get(); });
}
