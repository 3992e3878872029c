// SPDX-License-Identifier: Apache-2.0
// nqueens on quartet: as many plain functions side by side as there are safe placements.
#include <quartet/algo/parallel_each.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

static long count(nqueens::board b) {
  if (b.full()) return 1;
  nqueens::placements const p(b);
  std::array<long, 12> sums{};
  quartet::parallel_each(static_cast<std::size_t>(p.count),
                         [&](std::size_t i) { sums[i] = count(b.with(p.column[i])); });
  long sum = 0;
  for (long s : sums) sum += s;
  return sum;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  nqueens::measure(given, [&](nqueens::board b) { return pool.submit(count, b).blocking_get(); });
}
