// SPDX-License-Identifier: Apache-2.0
// submit_awake on quartet's thread_pool.
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  submit_awake::measure(given, [&](auto call) { return pool.submit(call); });
}
