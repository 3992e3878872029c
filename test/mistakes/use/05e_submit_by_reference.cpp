// SPDX-License-Identifier: Apache-2.0
// A function that wants to change the caller's argument.
// expect: quartet: the callable cannot be called with these arguments
// expect: std::ref(x)

#include <quartet/quartet.hpp>

void add_to(int& sum, int x);
void use(quartet::thread_pool& pool, int& sum) { pool.submit(add_to, sum, 1).blocking_get(); }
