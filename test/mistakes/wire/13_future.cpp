// SPDX-License-Identifier: Apache-2.0
// A future as an argument.
// expect: argument 1
// expect: a pending result belongs to this process
// expect: wait for it here and send the value

#include <future>

#include "pool.hpp"

int run(std::future<int> x) { return x.get(); }
void f(process_pool& p, std::future<int> x) { p.submit(run, std::move(x)); }
