// SPDX-License-Identifier: Apache-2.0
// A function that returns an iterator, on a process_pool.
// expect: result:
// expect: an iterator points into a container of this process
// expect: an index

#include <vector>

#include <quartet/quartet.hpp>

std::vector<int>::iterator largest(std::vector<int> all);
int use(quartet::process_pool& pool) {
  return *pool.submit(largest, std::vector<int>{1, 2}).blocking_get();
}
