// SPDX-License-Identifier: Apache-2.0
// An operation that gives something else than the accumulator.
// expect: the operation of reduce does not return the type that reduce begins with

#include <quartet/algo/reduce.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

void half(quartet::thread_pool& pool, std::vector<int> const& all) {
  quartet::reduce(pool, all, 0, [](int a, int b) { return a * 0.5 + b; });
}
