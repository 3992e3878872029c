// SPDX-License-Identifier: Apache-2.0
// A pointer as an argument to a process_pool.
// expect: argument 1: int*
// expect: a raw pointer means nothing in another process

#include <quartet/quartet.hpp>

int first(int* all);
quartet::task<int> use(quartet::process_pool& pool, int* all) {
  int const x = co_await pool.submit(first, all);
  co_return x;
}
