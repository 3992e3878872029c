// SPDX-License-Identifier: Apache-2.0
// A void pointer inside a struct that could be copied byte by byte.
// expect: job.handle
// expect: void*
// expect: an untyped pointer
// expect: hold the value itself

#include "pool.hpp"

struct job {
  int a;
  void* handle;
};
int run(job const& j) { return j.a; }
void f(process_pool& p) { p.submit(run, job{}); }
