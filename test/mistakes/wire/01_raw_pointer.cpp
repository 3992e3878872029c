// SPDX-License-Identifier: Apache-2.0
// A raw pointer in a member of a member.
// expect: job.inner.next
// expect: int*
// expect: a raw pointer means nothing in another process
// expect: local<T>

#include "pool.hpp"

struct part {
  int* next;
};
struct job {
  int a;
  part inner;
};
int run(job const& j) { return j.a; }
void f(process_pool& p) { p.submit(run, job{}); }
