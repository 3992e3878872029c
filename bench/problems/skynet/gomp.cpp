// SPDX-License-Identifier: Apache-2.0
// skynet on the compiler's own OpenMP runtime.
#include "problem.hpp"

static long below(long first, long size) {
  if (size == 1) return skynet::leaf(first);
  long const part = size / skynet::ways;
  long sums[skynet::ways];
  for (long i = 1; i != skynet::ways; ++i) {
#pragma omp task shared(sums) firstprivate(first, part, i)
    sums[i] = below(first + i * part, part);
  }
  sums[0] = below(first, part);
#pragma omp taskwait
  long sum = 0;
  for (long s : sums) sum += s;
  return sum;
}

static long team(long first, long size, int workers) {
  long answer = 0;
#pragma omp parallel num_threads(workers)
#pragma omp single
  answer = below(first, size);
  return answer;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  skynet::measure(given, [&](long first, long size) { return team(first, size, given.workers); });
}
