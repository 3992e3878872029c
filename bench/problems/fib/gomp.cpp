// SPDX-License-Identifier: Apache-2.0
// fib on the compiler's own OpenMP runtime: a task for one branch, taskwait for the join.
#include "problem.hpp"

static long forked(long n) {
  if (n < 2) return n;
  long left = 0;
#pragma omp task shared(left) firstprivate(n)
  left = forked(n - 1);
  long const right = forked(n - 2);
#pragma omp taskwait
  return left + right;
}

static long team(long n, int workers) {
  long answer = 0;
#pragma omp parallel num_threads(workers)
#pragma omp single
  answer = forked(n);
  return answer;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  fib::measure(given, [&](long n) { return team(n, given.workers); });
}
