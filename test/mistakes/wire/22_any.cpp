// SPDX-License-Identifier: Apache-2.0
// std::any as an argument.
// expect: argument 2: std::any
// expect: std::any hides the type it holds
// expect: std::variant

#include <any>

#include "pool.hpp"

int run(int, std::any const&) { return 1; }
void f(process_pool& p) { p.submit(run, 1, std::any()); }
