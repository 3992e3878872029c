// SPDX-License-Identifier: Apache-2.0
// An aggregate with a base class that has members.
// expect: argument 1: job
// expect: base class
// expect: add quartet_fields

#include "pool.hpp"

struct base {
  int a;
};
struct job : base {
  int b;
};
int run(job const&) { return 1; }
void f(process_pool& p) { p.submit(run, job{}); }
