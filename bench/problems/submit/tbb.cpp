// SPDX-License-Identifier: Apache-2.0
// submit on oneTBB's task_group, whose wait helps.
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  auto const width = static_cast<std::size_t>(given.workers);
  tbb::global_control limit{tbb::global_control::max_allowed_parallelism, width};
  tbb::task_arena arena{given.workers};
  arena.execute([&] {
    tbb::task_group group;
    submit::measure(
        given, [&](auto call) { group.run(call); }, [&] { group.wait(); });
  });
}
