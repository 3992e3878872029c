// SPDX-License-Identifier: Apache-2.0
// A lambda with captures given to map on a process_pool.
// expect: function
// expect: a lambda with captures hides what it captured

#include <vector>

#include <quartet/quartet.hpp>

std::vector<int> use(quartet::process_pool& pool, std::vector<int> const& numbers, int k) {
  return map(pool, numbers, [k](int x) { return x + k; }).blocking_get();
}
