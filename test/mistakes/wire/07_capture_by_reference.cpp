// SPDX-License-Identifier: Apache-2.0
// A lambda that captures by reference.
// expect: function
// expect: lambda
// expect: a lambda with captures hides what it captured
// expect: pass captured values as arguments

#include "pool.hpp"

void f(process_pool& p) {
  int k = 1;
  p.submit([&k](int x) { return x + k; }, 1);
}
