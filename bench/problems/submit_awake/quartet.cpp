// SPDX-License-Identifier: Apache-2.0
// submit_awake on quartet's thread_pool.
#include <vector>

#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  std::vector<quartet::future<void>> all;
  all.reserve(static_cast<std::size_t>(submit_awake::calls) + 1);
  submit_awake::measure(given, [&](auto call) { all.push_back(pool.submit(call)); });
}
