// SPDX-License-Identifier: Apache-2.0
// Tasks collected in a vector.
// expect: quartet: a task cannot be kept
// expect: spawn(f, args...)

#include <vector>

#include <quartet/quartet.hpp>

quartet::task<int> work(int x);
void use(std::vector<quartet::task<int>>& all) { all.push_back(work(1)); }
