// SPDX-License-Identifier: Apache-2.0
// for_uneven on oneTBB's parallel_for, with the partitioner it takes by itself.
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  tbb::global_control limit{tbb::global_control::max_allowed_parallelism,
                            static_cast<std::size_t>(given.workers)};
  tbb::task_arena arena{given.workers};
  arena.execute([&] {
    for_uneven::measure(given, [](long n, auto body) { tbb::parallel_for(0L, n, body); });
  });
}
