// SPDX-License-Identifier: Apache-2.0
// A map with a key that cannot be sent.
// expect: job.index.key
// expect: a view only points at memory
// expect: std::string

#include <map>
#include <string_view>

#include "pool.hpp"

struct job {
  std::map<std::string_view, int> index;
};
int run(job const&) { return 1; }
void f(process_pool& p) { p.submit(run, job{}); }
