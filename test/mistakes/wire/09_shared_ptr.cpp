// SPDX-License-Identifier: Apache-2.0
// A shared_ptr member.
// expect: job.owner
// expect: shared ownership cannot span processes
// expect: std::unique_ptr

#include <memory>

#include "pool.hpp"

struct job {
  std::shared_ptr<int> owner;
};
int run(job const&) { return 1; }
void f(process_pool& p) { p.submit(run, job{}); }
