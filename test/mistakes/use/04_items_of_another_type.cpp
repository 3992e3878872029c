// SPDX-License-Identifier: Apache-2.0
// A function that cannot be called with the items of the range.
// expect: quartet: the function cannot be called with an item of the range
// expect: const

#include <string>
#include <vector>

#include <quartet/quartet.hpp>

int length(std::string const& text);
std::vector<int> use(quartet::thread_pool& pool, std::vector<int> const& numbers) {
  return map(pool, numbers, length).blocking_get();
}
