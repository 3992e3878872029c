// SPDX-License-Identifier: Apache-2.0
// An iterator as an argument.
// expect: iterator
// expect: an iterator points into a container of this process
// expect: an index

#include <vector>

#include "pool.hpp"

using place = std::vector<int>::iterator;
int run(place at) { return *at; }
void f(process_pool& p, std::vector<int>& v) { p.submit(run, v.begin()); }
