// SPDX-License-Identifier: Apache-2.0
// Bulk calls whose items block, under many schedules: what is behind them runs all the same.
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/sync/latch.hpp>

#include "races/explored.hpp"

using namespace quartet;
using test::explored;

TEST(races, items_of_a_bulk_call_may_wait_for_each_other) {
  explored(1000, [] {
    std::vector<shared<int>> ran(4);
    {
      thread_pool pool({.workers = 2});
      latch all(3);
      auto const item = [&](std::size_t i) {
        ran[i] = ran[i] + 1;
        all.blocking_arrive_and_wait();
      };
      auto other = pool.submit([&ran] { ran[3] = ran[3] + 1; });
      for_each(pool, std::vector<std::size_t>{0, 1, 2}, item).blocking_get();
      other.blocking_get();
    }
    for (auto& each : ran) EXPECT_EQ(each, 1);
  });
}

// The rest is lent when the wait may just have ended.
TEST(races, an_item_that_waits_for_about_as_long_as_the_rest_is_kept_goes_on) {
  explored(1000, [] {
    std::vector<shared<int>> ran(3);
    thread_pool pool({.workers = 1});
    latch nobody(1);
    auto const item = [&](std::size_t i) {
      ran[i] = ran[i] + 1;
      if (i == 0) {
        EXPECT_THROW(nobody.blocking_wait_for(std::chrono::milliseconds(50)), timed_out);
      }
    };
    for_each(pool, std::vector<std::size_t>{0, 1, 2}, item).blocking_get();
    for (auto& each : ran) EXPECT_EQ(each, 1);
  });
}

TEST(races, what_is_lent_keeps_to_the_number_of_workers_of_its_call) {
  explored(500, [] {
    shared<int> inside = 0;
    thread_pool pool({.workers = 2});
    latch nobody(1);
    auto const item = [&](int i) {
      EXPECT_EQ(inside, 0);
      inside = 1;
      if (i == 0) {
        EXPECT_THROW(nobody.blocking_wait_for(std::chrono::milliseconds(200)), timed_out);
      }
      inside = 0;
    };
    for_each(pool, std::vector{0, 1, 2}, item, {.workers = 1}).blocking_get();
  });
}
