// SPDX-License-Identifier: Apache-2.0
// nqueens on oneTBB: a task_group for each board.
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include "problem.hpp"

static long count(nqueens::board b) {
  if (b.full()) return 1;
  nqueens::placements const p(b);
  std::array<long, 12> sums{};
  tbb::task_group group;
  for (std::size_t i = 0; i != static_cast<std::size_t>(p.count); ++i)
    group.run([&sums, i, next = b.with(p.column[i])] { sums[i] = count(next); });
  group.wait();
  long sum = 0;
  for (long s : sums) sum += s;
  return sum;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  tbb::global_control limit{tbb::global_control::max_allowed_parallelism,
                            static_cast<std::size_t>(given.workers)};
  tbb::task_arena arena{given.workers};
  nqueens::measure(given,
                   [&](nqueens::board b) { return arena.execute([=] { return count(b); }); });
}
