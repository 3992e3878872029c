// SPDX-License-Identifier: Apache-2.0
// An operation for an accumulator and an item: two partial results could not be joined.
// expect: the operation of reduce joins two partial results

#include <string>

#include <quartet/algo/reduce.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

void join(quartet::thread_pool& pool, std::vector<char const*> const& all) {
  auto const op = [](std::string a, char const* b) { return a + b; };
  quartet::reduce(pool, all, std::string(), op);
}
