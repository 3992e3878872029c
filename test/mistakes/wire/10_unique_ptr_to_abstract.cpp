// SPDX-License-Identifier: Apache-2.0
// A unique_ptr to an abstract class.
// expect: job.figure
// expect: may be a derived class
// expect: a variant of the classes

#include <memory>

#include "pool.hpp"

struct shape {
  virtual ~shape() = default;
  virtual int area() const = 0;
};
struct job {
  std::unique_ptr<shape> figure;
};
int run(job const& j) { return j.figure->area(); }
void f(process_pool& p) { p.submit(run, job{}); }
