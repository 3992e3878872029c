// SPDX-License-Identifier: Apache-2.0
// A function template given to map.
// expect: this_names_several_functions

#include <vector>

#include <quartet/quartet.hpp>

template <class T> T twice(T x);
std::vector<int> use(quartet::thread_pool& pool, std::vector<int> const& numbers) {
  return map(pool, numbers, twice).blocking_get();
}
