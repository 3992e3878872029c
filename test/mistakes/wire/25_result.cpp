// SPDX-License-Identifier: Apache-2.0
// A result that cannot come back, though every argument can go.
// expect: result:
// expect: int*
// expect: a raw pointer means nothing in another process

#include <vector>

#include "pool.hpp"

struct answer {
  std::vector<int*> all;
};
answer run(int) { return {}; }
void f(process_pool& p) { p.submit(run, 1); }
