// SPDX-License-Identifier: Apache-2.0
// A function that returns a reference, for every item.
// expect: quartet: a call gives back a value

#include <vector>

#include <quartet/quartet.hpp>

int& slot(int i);
std::vector<int> use(quartet::thread_pool& pool, std::vector<int> const& numbers) {
  return map(pool, numbers, slot).blocking_get();
}
