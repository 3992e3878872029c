// SPDX-License-Identifier: Apache-2.0
// skynet on quartet: ten plain functions side by side in each inner node.
#include <quartet/algo/parallel_invoke.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

static long below(long first, long size) {
  if (size == 1) return skynet::leaf(first);
  auto const child = [first, part = size / skynet::ways](long i) {
    return [=] { return below(first + i * part, part); };
  };
  auto const sums = quartet::parallel_invoke(child(0), child(1), child(2), child(3), child(4),
                                             child(5), child(6), child(7), child(8), child(9));
  return std::apply([](auto... s) { return (s + ...); }, sums);
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  skynet::measure(
      given, [&](long first, long size) { return pool.submit(below, first, size).blocking_get(); });
}
