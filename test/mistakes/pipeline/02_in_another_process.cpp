// SPDX-License-Identifier: Apache-2.0
// Stages in worker processes: the source and what keeps the order are here.
// expect: the stages of a pipeline share memory, so it runs on executors of this process

#include <quartet/algo/pipeline.hpp>
#include <quartet/exec/processes/process_pool.hpp>

void run(quartet::process_pool& pool, std::vector<int> const& all) {
  quartet::pipeline(pool, all, [](int x) { return x; });
}
