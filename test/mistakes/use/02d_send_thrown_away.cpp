// SPDX-License-Identifier: Apache-2.0
// co_await forgotten in front of a wait.
// expect: co_await it

#include <quartet/quartet.hpp>

quartet::task<> use(quartet::channel<int>& numbers, quartet::mutex& guard) {
  co_await guard.lock();
  numbers.send(1);
}
