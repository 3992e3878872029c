// SPDX-License-Identifier: Apache-2.0
// An overloaded function given to for_each, with options.
// expect: this_names_several_functions

#include <vector>

#include <quartet/quartet.hpp>

void note(int x);
void note(double x);
quartet::task<> use(quartet::thread_pool& pool, std::vector<int> const& numbers) {
  co_await for_each(pool, numbers, note, {.workers = 2});
  co_return;
}
