// SPDX-License-Identifier: Apache-2.0
// An overloaded function given to spawn.
// expect: this_names_several_functions

#include <quartet/quartet.hpp>

void note(int x);
void note(double x);
void use(quartet::group& g) { g.spawn(note, 1); }
