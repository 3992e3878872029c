// SPDX-License-Identifier: Apache-2.0
// A task given to spawn, instead of the function that makes it.
// expect: quartet: this is a task
// expect: spawn(f, args...)

#include <quartet/quartet.hpp>

quartet::task<> work(int x);
void use(quartet::group& g) { g.spawn(work(1)); }
