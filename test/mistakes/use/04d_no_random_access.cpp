// SPDX-License-Identifier: Apache-2.0
// A range without random access.
// expect: quartet: the items must be a sized random-access range
// expect: std::vector

#include <list>
#include <vector>

#include <quartet/quartet.hpp>

int twice(int x);
std::size_t use(quartet::thread_pool& pool, std::list<int> const& numbers) {
  std::vector<int> const all = map(pool, numbers, twice).blocking_get();
  return all.size();
}
