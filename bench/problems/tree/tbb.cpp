// SPDX-License-Identifier: Apache-2.0
// tree on oneTBB: a task_group in each node that has children.
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include "problem.hpp"

static long count(tree::node n, unsigned full) {
  if (!tree::has_children(n, full)) return 1;
  long sums[tree::children];
  tbb::task_group group;
  for (unsigned i = 1; i != tree::children; ++i)
    group.run([&sums, n, full, i] { sums[i] = count(tree::child(n, i), full); });
  sums[0] = count(tree::child(n, 0), full);
  group.wait();
  long sum = 1;
  for (long s : sums) sum += s;
  return sum;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  tbb::global_control limit{tbb::global_control::max_allowed_parallelism,
                            static_cast<std::size_t>(given.workers)};
  tbb::task_arena arena{given.workers};
  tree::measure(given, [&](tree::node root, unsigned full) {
    return arena.execute([=] { return count(root, full); });
  });
}
