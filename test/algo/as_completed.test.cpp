// SPDX-License-Identifier: Apache-2.0
// as_completed on an executor driven by hand.
#include <gtest/gtest.h>
#include <memory>

#include <quartet/algo/as_completed.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

/// Ends after as many seconds as its number; 13 fails.
task<int> nap(int seconds) {
  co_await sleep_for(std::chrono::seconds(seconds));
  if (seconds == 13) throw std::runtime_error("thirteen");
  co_return seconds;
}

}  // namespace

TEST(as_completed, gives_first_what_is_done_first) {
  manual_executor e;
  std::vector<int> const items{3, 1, 2};
  std::vector<std::size_t> order;
  for (auto&& done : as_completed(e, items, nap)) {
    EXPECT_EQ(done.result.value(), items[done.index]);
    order.push_back(done.index);
  }
  EXPECT_EQ(order, (std::vector<std::size_t>{1, 2, 0}));
}

TEST(as_completed, one_failure_does_not_end_the_iteration) {
  manual_executor e;
  std::vector<int> const items{13, 20};
  int good = 0, bad = 0;
  for (auto&& done : as_completed(e, items, nap)) ++(done.result ? good : bad);
  EXPECT_EQ(good, 1);
  EXPECT_EQ(bad, 1);
}

TEST(as_completed, next_is_awaited_inside_a_task_and_ends_with_nullopt) {
  manual_executor e;
  auto const total = [](manual_executor* on) -> task<int> {
    auto all = as_completed(*on, std::vector{1, 2, 3}, nap);
    int sum = 0;
    while (auto done = co_await all.next()) sum += done->result.value();
    co_return sum;
  };
  EXPECT_EQ(e.submit(total, &e).blocking_get(), 6);
}

TEST(as_completed, a_loop_over_it_inside_a_task_is_refused) {
  manual_executor e;
  auto const wrong = [](manual_executor* on) {
    for (auto&& done : as_completed(*on, std::vector{1}, nap)) static_cast<void>(done);
  };
  EXPECT_THROW(e.submit(wrong, &e).blocking_get(), would_deadlock);
}

TEST(as_completed, left_early_it_stops_the_items_that_are_not_done) {
  manual_executor e;
  auto const before = e.now();
  for (auto&& done : as_completed(e, std::vector{1, 100}, nap)) {
    EXPECT_EQ(done.index, 0u);
    break;
  }
  EXPECT_EQ(e.now() - before, 1s);
}

TEST(as_completed, left_early_inside_a_task_it_ends_the_items_there_and_then) {
  manual_executor e;
  int stops = 0;
  auto const counted = [](int* n) -> task<> {
    try {
      co_await sleep_for(1h);
    } catch (stopped const&) {
      ++*n;
      throw;
    }
  };
  auto const leave = [&](manual_executor* on) -> task<int> {
    std::vector<int*> const items(3, &stops);
    {
      auto all = as_completed(*on, items, counted);
      co_await yield();
    }
    co_return stops;
  };
  EXPECT_EQ(e.submit(leave, &e).blocking_get(), 3);
}

TEST(as_completed, an_empty_range_gives_nothing) {
  manual_executor e;
  for (auto&& done : as_completed(e, std::vector<int>{}, nap)) FAIL() << done.index;
}

TEST(as_completed, what_is_done_outlives_its_executor) {
  auto e = std::make_unique<manual_executor>();
  std::vector<int> const items{1, 2};
  auto all = as_completed(*e, items, [](int x) { return 2 * x; });
  e.reset();
  EXPECT_EQ(all.blocking_next()->result.value(), 2);
  EXPECT_EQ(all.blocking_next()->result.value(), 4);
  EXPECT_FALSE(all.blocking_next().has_value());
}
