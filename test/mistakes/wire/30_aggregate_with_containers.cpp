// SPDX-License-Identifier: Apache-2.0
// An aggregate with nested containers.
// compiles

#include <map>
#include <string>
#include <vector>

#include "pool.hpp"

struct part {
  std::vector<std::string> words;
};
struct job {
  std::map<std::string, std::vector<part>> index;
  int grid[2][2];
};
job run(job const& j) { return j; }
void f(process_pool& p) { p.submit(run, job{}); }
