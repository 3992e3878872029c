// SPDX-License-Identifier: Apache-2.0
// for_even on quartet: `for_each` from a thread that is no worker.
#include <ranges>

#include <quartet/algo/map.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  for_even::measure(given, [&](long n, auto body) {
    quartet::for_each(pool, std::views::iota(0L, n), body).blocking_get();
  });
}
