// SPDX-License-Identifier: Apache-2.0
// An array of pointers.
// expect: job.names[]
// expect: a pointer to characters means nothing in another process
// expect: std::string

#include "pool.hpp"

struct job {
  char const* names[4];
};
int run(job const&) { return 1; }
void f(process_pool& p) { p.submit(run, job{}); }
