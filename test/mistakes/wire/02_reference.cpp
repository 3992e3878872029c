// SPDX-License-Identifier: Apache-2.0
// A reference member.
// expect: argument 1: job
// expect: int&
// expect: a reference means an address of this process
// expect: hold a copy of the value

#include "pool.hpp"

struct job {
  int& target;
};
int run(job const& j) { return j.target; }
void f(process_pool& p, int& x) { p.submit(run, job{x}); }
