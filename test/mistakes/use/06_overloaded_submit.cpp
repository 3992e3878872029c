// SPDX-License-Identifier: Apache-2.0
// An overloaded function named without saying which.
// expect: this_names_several_functions
// expect: say which: f<int>, or [](auto x) { return f(x); }

#include <quartet/quartet.hpp>

int twice(int x);
double twice(double x);
int use(quartet::thread_pool& pool) { return pool.submit(twice, 1).blocking_get(); }
