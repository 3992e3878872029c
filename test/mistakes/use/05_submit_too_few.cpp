// SPDX-License-Identifier: Apache-2.0
// Too few arguments to submit.
// expect: quartet: the callable cannot be called with these arguments
// expect: int (&)(int, int)

#include <quartet/quartet.hpp>

int add(int a, int b);
quartet::task<int> use(quartet::thread_pool& pool) {
  int const sum = co_await pool.submit(add, 1);
  co_return sum;
}
