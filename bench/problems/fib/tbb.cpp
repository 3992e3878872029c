// SPDX-License-Identifier: Apache-2.0
// fib on oneTBB: a task_group in each call.
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include "problem.hpp"

static long forked(long n) {
  if (n < 2) return n;
  long left = 0;
  tbb::task_group group;
  group.run([&left, n] { left = forked(n - 1); });
  long const right = forked(n - 2);
  group.wait();
  return left + right;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  auto const width = static_cast<std::size_t>(given.workers);
  tbb::global_control limit{tbb::global_control::max_allowed_parallelism, width};
  tbb::task_arena arena{given.workers};
  fib::measure(given, [&](long n) { return arena.execute([n] { return forked(n); }); });
}
