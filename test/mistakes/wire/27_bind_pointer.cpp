// SPDX-License-Identifier: Apache-2.0
// bind with a value that cannot be sent.
// expect: function.data<0>
// expect: a raw pointer means nothing in another process

#include "pool.hpp"

int run(int* x) { return *x; }
void f(process_pool& p, int* x) { p.submit(quartet::bind(run, x)); }
