// SPDX-License-Identifier: Apache-2.0
// A union member.
// expect: job.value
// expect: nobody knows which member of a union is alive
// expect: std::variant

#include "pool.hpp"

union number {
  int i;
  float f;
};
struct job {
  number value;
};
int run(job const&) { return 1; }
void f(process_pool& p) { p.submit(run, job{}); }
