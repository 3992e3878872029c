// SPDX-License-Identifier: Apache-2.0
// A function that returns a reference, on a process_pool.
// expect: quartet: a call gives back a value

#include <quartet/quartet.hpp>

int& largest(int i);
quartet::task<int> use(quartet::process_pool& pool) {
  int const x = co_await pool.submit(largest, 1);
  co_return x;
}
