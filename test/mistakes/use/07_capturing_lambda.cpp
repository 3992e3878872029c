// SPDX-License-Identifier: Apache-2.0
// A lambda with captures, submitted to a process_pool.
// expect: function
// expect: a lambda with captures hides what it captured
// expect: pass captured values as arguments

#include <quartet/quartet.hpp>

int use(quartet::process_pool& pool, int k) {
  return pool.submit([k](int x) { return x + k; }, 1).blocking_get();
}
