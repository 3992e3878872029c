// SPDX-License-Identifier: Apache-2.0
// submit_awake on quartet's thread_pool, by a group: no future for each call.
#include <quartet/core/blocking_group.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  quartet::blocking_group group(pool);
  submit_awake::measure(given, [&](auto call) { group.spawn(call); });
  group.blocking_join();
}
