// SPDX-License-Identifier: Apache-2.0
// A task kept in a variable and moved into the expression that awaits it.
// expect: quartet: a task cannot be kept
// expect: co_await f(args...) in one expression

#include <quartet/quartet.hpp>

quartet::task<int> work(int x);
quartet::task<int> use() {
  auto later = work(1);
  co_return co_await std::move(later);
}
