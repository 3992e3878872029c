// SPDX-License-Identifier: Apache-2.0
// An open file.
// expect: job.out
// expect: an open file belongs to this process
// expect: send its path

#include <cstdio>

#include "pool.hpp"

struct job {
  FILE* out;
};
int run(job const&) { return 1; }
void f(process_pool& p) { p.submit(run, job{}); }
