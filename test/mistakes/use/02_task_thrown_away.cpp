// SPDX-License-Identifier: Apache-2.0
// A task thrown away: co_await forgotten.
// expect: a task does nothing until it is awaited
// expect: co_await it here

#include <quartet/quartet.hpp>

quartet::task<> work(int x);
quartet::task<> use() {
  work(1);
  co_return;
}
