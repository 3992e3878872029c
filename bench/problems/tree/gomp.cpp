// SPDX-License-Identifier: Apache-2.0
// tree on the compiler's own OpenMP runtime.
#include "problem.hpp"

static long count(tree::node n, unsigned full) {
  if (!tree::has_children(n, full)) return 1;
  long sums[tree::children];
  for (unsigned i = 1; i != tree::children; ++i) {
#pragma omp task shared(sums) firstprivate(n, full, i)
    sums[i] = count(tree::child(n, i), full);
  }
  sums[0] = count(tree::child(n, 0), full);
#pragma omp taskwait
  long sum = 1;
  for (long s : sums) sum += s;
  return sum;
}

static long team(tree::node root, unsigned full, int workers) {
  long answer = 0;
#pragma omp parallel num_threads(workers)
#pragma omp single
  answer = count(root, full);
  return answer;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  tree::measure(given,
                [&](tree::node root, unsigned full) { return team(root, full, given.workers); });
}
