// SPDX-License-Identifier: Apache-2.0
// A function that returns a reference.
// expect: quartet: a call gives back a value
// expect: return a copy, or a pointer

#include <quartet/quartet.hpp>

int& largest(int i);
int use(quartet::thread_pool& pool) { return pool.submit(largest, 1).blocking_get(); }
