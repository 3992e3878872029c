// SPDX-License-Identifier: Apache-2.0
// The same in a task, where two arguments are expected and an item is one.
// expect: quartet: the function cannot be called with an item of the range
// expect: int

#include <vector>

#include <quartet/quartet.hpp>

quartet::task<> use(quartet::thread_pool& pool, std::vector<int> const& numbers) {
  auto const add = [](int a, int b) { return a + b; };
  std::vector<int> const all = co_await map(pool, numbers, add);
}
