// SPDX-License-Identifier: Apache-2.0
// A lambda that changes what it captured, shared by all workers.
// expect: quartet: the function cannot be called with an item of the range
// expect: callable as const

#include <vector>

#include <quartet/quartet.hpp>

void use(quartet::thread_pool& pool, std::vector<int> const& numbers) {
  for_each(pool, numbers, [sum = 0](int x) mutable { return sum += x; }).blocking_get();
}
