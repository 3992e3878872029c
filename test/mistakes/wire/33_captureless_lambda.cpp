// SPDX-License-Identifier: Apache-2.0
// A captureless lambda.
// compiles

#include "pool.hpp"

void f(process_pool& p) {
  p.submit([](int x) { return x + 1; }, 1);
}
