// SPDX-License-Identifier: Apache-2.0
// A lambda that captures a pointer by value.
// expect: function
// expect: a lambda with captures hides what it captured
// expect: bind(f, values...)

#include "pool.hpp"

void f(process_pool& p, int* k) {
  p.submit([k](int x) { return x + *k; }, 1);
}
