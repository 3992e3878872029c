// SPDX-License-Identifier: Apache-2.0
// co_await on the result of a plain function.
// expect: quartet: this cannot be awaited
// expect: a plain function is called without co_await

#include <quartet/quartet.hpp>

int work(int x);
quartet::task<int> use() {
  int const x = co_await work(1);
  co_return x;
}
