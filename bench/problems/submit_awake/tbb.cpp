// SPDX-License-Identifier: Apache-2.0
// submit_awake on oneTBB: enqueue into an arena.
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  // One more than the workers: the outside thread counts, but never enters the arena.
  auto const width = static_cast<std::size_t>(given.workers) + 1;
  tbb::global_control limit{tbb::global_control::max_allowed_parallelism, width};
  tbb::task_arena arena{given.workers, 0};
  submit_awake::measure(given, [&](auto call) { arena.enqueue(call); });
}
