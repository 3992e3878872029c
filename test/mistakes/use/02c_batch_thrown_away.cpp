// SPDX-License-Identifier: Apache-2.0
// A batch thrown away.
// expect: co_await it, or blocking_get() it

#include <vector>

#include <quartet/quartet.hpp>

void work(int x);
void use(quartet::thread_pool& pool, std::vector<int> const& all) { for_each(pool, all, work); }
