// SPDX-License-Identifier: Apache-2.0
// A variant with one alternative that cannot be sent.
// expect: job.value|1
// expect: int*
// expect: a raw pointer means nothing

#include <variant>

#include "pool.hpp"

struct job {
  std::variant<int, int*> value;
};
int run(job const&) { return 1; }
void f(process_pool& p) { p.submit(run, job{}); }
