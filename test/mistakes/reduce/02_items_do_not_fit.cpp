// SPDX-License-Identifier: Apache-2.0
// Doubles added up in an int, as std::accumulate does without a word.
// expect: the items do not fit into the value that reduce begins with

#include <quartet/algo/reduce.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

void sum(quartet::thread_pool& pool, std::vector<double> const& all) {
  quartet::reduce(pool, all, 0);
}
