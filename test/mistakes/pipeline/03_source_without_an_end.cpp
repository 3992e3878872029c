// SPDX-License-Identifier: Apache-2.0
// A source that can never say that there is no more.
// expect: a function that gives a std::optional

#include <quartet/algo/pipeline.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

void run(quartet::thread_pool& pool) {
  quartet::pipeline(
      pool, [] { return 1; }, [](int) {});
}
