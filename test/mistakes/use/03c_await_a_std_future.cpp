// SPDX-License-Identifier: Apache-2.0
// co_await on a future of the standard library.
// expect: quartet: this cannot be awaited
// expect: submit

#include <future>

#include <quartet/quartet.hpp>

quartet::task<int> use(std::future<int> x) { co_return co_await x; }
