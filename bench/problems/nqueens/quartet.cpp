// SPDX-License-Identifier: Apache-2.0
// nqueens on quartet: a fork of as many coroutines as there are safe placements.
#include <quartet/algo/fork_each.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

static quartet::task<> count(nqueens::board b, long* to) {
  if (b.full()) {
    *to = 1;
    co_return;
  }
  nqueens::placements const p(b);
  std::array<long, 12> sums{};
  auto const place = [&](std::size_t i) { return count(b.with(p.column[i]), &sums[i]); };
  co_await quartet::fork_each(static_cast<std::size_t>(p.count), place);
  for (long s : sums) *to += s;
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  nqueens::measure(given, [&](nqueens::board b) {
    long solutions = 0;
    pool.submit(count, b, &solutions).blocking_get();
    return solutions;
  });
}
