// SPDX-License-Identifier: Apache-2.0
// A std::function as the callable.
// expect: function
// expect: std::function hides what it holds
// expect: bind(f, values...)

#include <functional>

#include "pool.hpp"

void f(process_pool& p, std::function<int()> g) { p.submit(g); }
