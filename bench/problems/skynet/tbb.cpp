// SPDX-License-Identifier: Apache-2.0
// skynet on oneTBB: a task_group in each inner node.
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include "problem.hpp"

static long below(long first, long size) {
  if (size == 1) return skynet::leaf(first);
  long const part = size / skynet::ways;
  long sums[skynet::ways];
  tbb::task_group group;
  for (long i = 1; i != skynet::ways; ++i)
    group.run([&sums, first, part, i] { sums[i] = below(first + i * part, part); });
  sums[0] = below(first, part);
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
  skynet::measure(given, [&](long first, long size) {
    return arena.execute([=] { return below(first, size); });
  });
}
