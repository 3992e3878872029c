// SPDX-License-Identifier: Apache-2.0
// Bit-fields.
// expect: flags
// expect: it has bit-fields
// expect: plain integer members

#include "pool.hpp"

struct flags {
  unsigned a : 3;
  unsigned b : 5;
};
int run(flags x) { return int(x.a); }
void f(process_pool& p) { p.submit(run, flags{}); }
