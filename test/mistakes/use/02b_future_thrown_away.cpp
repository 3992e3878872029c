// SPDX-License-Identifier: Apache-2.0
// A future thrown away.
// expect: a dropped future stops its call
// expect: co_await it

#include <quartet/quartet.hpp>

void work(int x);
void use(quartet::thread_pool& pool) { pool.submit(work, 1); }
