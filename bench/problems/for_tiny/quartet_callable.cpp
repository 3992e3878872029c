// SPDX-License-Identifier: Apache-2.0
// for_tiny on quartet: `parallel_each` inside a call.
#include <quartet/algo/parallel_each.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  auto const loop = [](long n, auto body) {
    quartet::parallel_each(static_cast<std::size_t>(n),
                           [body](std::size_t i) { body(static_cast<long>(i)); });
  };
  pool.submit([&] { for_tiny::measure(given, loop); }).blocking_get();
}
