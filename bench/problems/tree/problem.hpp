// SPDX-License-Identifier: Apache-2.0
// tree: deep, thin and unpredictable. A node has eight children down to depth 4, below that with
// probability 1/8; a hash of parent and number of the child decides. Count the nodes.
#pragma once

#include <cstdint>

#include "support/program.hpp"

namespace tree {

inline constexpr unsigned children = 8;
inline constexpr unsigned full_above = 4;
inline constexpr unsigned quick_full_above = 2;
inline constexpr unsigned deepest = 300;

struct node {
  std::uint64_t hash;
  unsigned depth;
};

/// splitmix64 of the parent and the child's number.
constexpr node child(node parent, unsigned number) {
  std::uint64_t x = parent.hash + 0x9e3779b97f4a7c15u * (number + 1);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return {x ^ (x >> 31), parent.depth + 1};
}
constexpr bool has_children(node n, unsigned full) {
  return n.depth < full || (n.depth < deepest && n.hash % 8 == 0);
}
inline long count_serially(node n, unsigned full) {
  long sum = 1;
  if (has_children(n, full))
    for (unsigned i = 0; i != children; ++i) sum += count_serially(child(n, i), full);
  return sum;
}

/// Times `run(root, full)`, which counts the nodes, and prints the time of one.
template <class Run> void measure(bench::options const& given, Run&& run) {
  unsigned const full = given.quick ? quick_full_above : full_above;
  node const root{static_cast<std::uint64_t>(bench::opaque(42)), 0};
  long answer = 0;
  double const best = bench::best_ns(given, 5, [&] { answer = run(root, full); });
  long const right = count_serially(root, full);
  bench::require_answer(given, "number of nodes", answer, right);
  bench::print("node", "ns", best / static_cast<double>(right));
  bench::print_peak_memory();
}

}  // namespace tree
