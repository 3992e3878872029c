// SPDX-License-Identifier: Apache-2.0
// A view of text.
// expect: job.name
// expect: a view only points at memory
// expect: std::string

#include <string_view>

#include "pool.hpp"

struct job {
  std::string_view name;
};
int run(job const& j) { return int(j.name.size()); }
void f(process_pool& p) { p.submit(run, job{}); }
