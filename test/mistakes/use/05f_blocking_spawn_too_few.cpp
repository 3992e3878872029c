// SPDX-License-Identifier: Apache-2.0
// Too few arguments to the spawn of a blocking_group.
// expect: quartet: the callable cannot be called with these arguments

#include <quartet/core/blocking_group.hpp>

void add(int a, int b);
void use(quartet::blocking_group& g) { g.spawn(add, 1); }
