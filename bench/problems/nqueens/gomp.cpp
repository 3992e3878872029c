// SPDX-License-Identifier: Apache-2.0
// nqueens on the compiler's own OpenMP runtime.
#include "problem.hpp"

static long count(nqueens::board b) {
  if (b.full()) return 1;
  nqueens::placements const p(b);
  std::array<long, 12> sums{};
  for (std::size_t i = 0; i != static_cast<std::size_t>(p.count); ++i) {
    nqueens::board const next = b.with(p.column[i]);
#pragma omp task shared(sums) firstprivate(next, i)
    sums[i] = count(next);
  }
#pragma omp taskwait
  long sum = 0;
  for (long s : sums) sum += s;
  return sum;
}

static long team(nqueens::board b, int workers) {
  long answer = 0;
#pragma omp parallel num_threads(workers)
#pragma omp single
  answer = count(b);
  return answer;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  nqueens::measure(given, [&](nqueens::board b) { return team(b, given.workers); });
}
