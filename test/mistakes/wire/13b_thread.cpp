// SPDX-License-Identifier: Apache-2.0
// A thread member.
// expect: job.worker
// expect: a running thread
// expect: wait for it here

#include <thread>

#include "pool.hpp"

struct job {
  std::thread worker;
};
int run(job const&) { return 1; }
void f(process_pool& p) { p.submit(run, job{}); }
