// SPDX-License-Identifier: Apache-2.0
// Work whose result must not depend on the executor.
#define QUARTET_CHECK 1
#include <gtest/gtest.h>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/models/any_executor.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/test/against_sync.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using explore_test::contains;

namespace {

// The numbers in the order in which their calls end.
struct order_of_ends {
  std::vector<int> operator()(auto& on) const {
    seam::mutex m;
    std::vector<int> ended;
    auto const work = [&](int n) {
      seam::guard const g(m);
      ended.push_back(n);
    };
    auto a = on.submit(work, 1), b = on.submit(work, 2);
    a.blocking_get();
    b.blocking_get();
    return ended;
  }
};

struct silent {
  int n;
  bool operator==(silent const&) const = default;
};

}  // namespace

TEST(against_sync, work_that_gives_the_same_everywhere_passes) {
  auto const squares = [](executor_members<any_call>& on) {
    std::vector<int> const items{1, 2, 3};
    return map(on, items, [](int n) { return n * n; }).blocking_get();
  };
  explore_report const r = explore_against_sync({.schedules = 100}, squares);
  EXPECT_TRUE(r.passed()) << r.text();
  EXPECT_EQ(r.schedules, 101U);
}

TEST(against_sync, work_that_depends_on_the_order_is_found) {
  explore_report const r = explore_against_sync({}, order_of_ends());
  ASSERT_TRUE(r.failure) << r.text();
  std::string const& what = r.failure->what;
  EXPECT_TRUE(contains(what, "a different result from the same work under sync")) << what;
  EXPECT_TRUE(contains(what, "under sync: [1, 2]\nhere: [2, 1]")) << what;
  EXPECT_TRUE(contains(what, "against_sync.test.cpp")) << what;
}

TEST(against_sync, the_executor_may_be_another_one) {
  explore_report const r =
      explore_against_sync({.schedules = 50}, order_of_ends(), [] { return event_loop(); });
  EXPECT_TRUE(r.passed()) << r.text();
}

TEST(against_sync, work_may_take_a_handle_of_any_executor) {
  auto const work = [](any_local_executor on) {
    return on.submit([] { return 20; }).blocking_get();
  };
  explore_report const r = explore_against_sync({.schedules = 50}, work);
  EXPECT_TRUE(r.passed()) << r.text();
}

TEST(against_sync, a_result_that_cannot_be_printed_still_differs) {
  auto const work = [](auto& on) {
    auto const ended = order_of_ends()(on);
    return silent{ended[0]};
  };
  explore_report const r = explore_against_sync({}, work);
  ASSERT_TRUE(r.failure);
  EXPECT_TRUE(contains(r.failure->what, "here: cannot be printed")) << r.failure->what;
}

TEST(against_sync, time_is_virtual_under_sync_too) {
  auto const work = [](auto& on) {
    auto const sleeps = []() -> task<int> {
      co_await sleep_for(24h);
      co_return 1;
    };
    return on.submit(sleeps).blocking_get();
  };
  explore_report const r =
      explore_against_sync({.schedules = 10, .stall_min = duration::max()}, work);
  EXPECT_TRUE(r.passed()) << r.text();
}

TEST(against_sync, work_that_fails_under_sync_is_a_failure_of_its_own) {
  auto const throws = [](auto&) -> int { throw std::runtime_error("no tea"); };
  explore_report const r = explore_against_sync({}, throws);
  ASSERT_TRUE(r.failure);
  EXPECT_EQ(r.failure->kind, "an exception under sync");
  EXPECT_TRUE(contains(r.failure->what, "no tea")) << r.failure->what;
}
