// SPDX-License-Identifier: Apache-2.0
// co_await on a coroutine function that was not called.
// expect: quartet: this cannot be awaited
// expect: call it: co_await f(args...)

#include <quartet/quartet.hpp>

quartet::task<int> work();
quartet::task<int> use() { co_return co_await work; }
