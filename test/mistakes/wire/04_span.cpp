// SPDX-License-Identifier: Apache-2.0
// A view of elements.
// expect: job.pixels
// expect: a view only points at memory
// expect: std::vector

#include <span>

#include "pool.hpp"

struct job {
  std::span<int> pixels;
};
int run(job const& j) { return int(j.pixels.size()); }
void f(process_pool& p) { p.submit(run, job{}); }
