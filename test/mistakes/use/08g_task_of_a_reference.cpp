// SPDX-License-Identifier: Apache-2.0
// A task that would give a reference.
// expect: quartet: a task gives a value
// expect: return a pointer

#include <quartet/quartet.hpp>

quartet::task<int&> largest(int* all) { co_return *all; }
