// SPDX-License-Identifier: Apache-2.0
// Too many arguments to submit.
// expect: quartet: the callable cannot be called with these arguments

#include <quartet/quartet.hpp>

int use(quartet::thread_pool& pool) {
  return pool.submit([](int a) { return a; }, 1, 2).blocking_get();
}
