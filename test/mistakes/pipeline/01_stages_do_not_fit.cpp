// SPDX-License-Identifier: Apache-2.0
// A stage that takes something else than what the one before it gives.
// expect: a stage of the pipeline cannot be called with what comes before it

#include <string>

#include <quartet/algo/pipeline.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

void run(quartet::thread_pool& pool, std::vector<int> const& all) {
  quartet::pipeline(pool, all, [](std::string s) { return s; });
}
