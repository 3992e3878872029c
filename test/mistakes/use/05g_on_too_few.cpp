// SPDX-License-Identifier: Apache-2.0
// Too few arguments to on.
// expect: quartet: the callable cannot be called with these arguments

#include <quartet/quartet.hpp>

int add(int a, int b);
quartet::task<int> use(quartet::thread_pool& pool) {
  int const sum = co_await on(pool, add, 1);
  co_return sum;
}
