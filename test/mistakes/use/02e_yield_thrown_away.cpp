// SPDX-License-Identifier: Apache-2.0
// co_await forgotten in front of a yield.
// expect: co_await it

#include <quartet/quartet.hpp>

quartet::task<> use() {
  quartet::yield();
  co_return;
}
