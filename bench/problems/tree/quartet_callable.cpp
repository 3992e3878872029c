// SPDX-License-Identifier: Apache-2.0
// tree on quartet: eight plain functions side by side in each node that has children.
#include <quartet/algo/parallel_invoke.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

static long count(tree::node n, unsigned full) {
  if (!tree::has_children(n, full)) return 1;
  auto const below = [n, full](unsigned i) {
    return [=] { return count(tree::child(n, i), full); };
  };
  auto const sums = quartet::parallel_invoke(below(0), below(1), below(2), below(3), below(4),
                                             below(5), below(6), below(7));
  return std::apply([](auto... s) { return (1 + ... + s); }, sums);
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  tree::measure(given, [&](tree::node root, unsigned full) {
    return pool.submit(count, root, full).blocking_get();
  });
}
