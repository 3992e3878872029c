// SPDX-License-Identifier: Apache-2.0
// A task kept and returned onwards by a function that is no coroutine.
// expect: quartet: a task cannot be kept
// expect: co_await f(args...) in one expression

#include <quartet/quartet.hpp>

quartet::task<int> work(int x);
quartet::task<int> use(int x) {
  auto made = work(x);
  return made;
}
