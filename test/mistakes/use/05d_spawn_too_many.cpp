// SPDX-License-Identifier: Apache-2.0
// Too many arguments to spawn.
// expect: quartet: the callable cannot be called with these arguments

#include <quartet/quartet.hpp>

quartet::task<> add(int a, int b);
void use(quartet::group& g) { g.spawn({.name = "adds"}, add, 1, 2, 3); }
