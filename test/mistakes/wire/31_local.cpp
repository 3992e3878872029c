// SPDX-License-Identifier: Apache-2.0
// local<T> around members that cannot be sent.
// compiles

#include <cstdio>
#include <mutex>

#include "pool.hpp"

struct job {
  int n;
  quartet::local<FILE*> out;
  quartet::local<std::mutex> guard;
};
int run(job const& j) { return j.n; }
void f(process_pool& p) { p.submit(run, job{}); }
