// SPDX-License-Identifier: Apache-2.0
// @NAME@_executor: what only it does; what every executor does is in the conformance suite.
#include <gtest/gtest.h>
#include <stdexcept>
#include <vector>

#include <quartet/exec/@NAME@/@NAME@_executor.hpp>

namespace {

using quartet::@NAME@_executor;

TEST(@NAME@_executor, runs_calls_in_the_order_they_were_submitted) {
  @NAME@_executor executor;
  std::vector<int> order;
  auto first = executor.submit([&order] { order.push_back(1); });
  auto second = executor.submit([&order] { order.push_back(2); });
  second.blocking_get();
  first.blocking_get();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(@NAME@_executor, an_exception_reaches_whoever_waits) {
  @NAME@_executor executor;
  auto failing = executor.submit([]() -> int { throw std::runtime_error("no"); });
  EXPECT_THROW(failing.blocking_get(), std::runtime_error);
}

TEST(@NAME@_executor, its_destructor_runs_what_is_left) {
  bool ended = false;
  {
    @NAME@_executor executor;
    auto dropped = executor.submit([&ended] { ended = true; });
    dropped.blocking_get();
  }
  EXPECT_TRUE(ended);
}

}  // namespace
