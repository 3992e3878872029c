// SPDX-License-Identifier: Apache-2.0
// Calls of many items, shared out between workers, under many schedules.
#include <ranges>

#include <quartet/algo/map.hpp>
#include <quartet/core/pool_counters.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>

#include "races/explored.hpp"

using namespace quartet;
using test::explored_without_delays;

// Computing takes no time here: whoever has run one item knows that the others are worth nobody's
// way.
TEST(races, many_items_that_cost_nothing_stay_with_one_worker) {
  explored_without_delays(500, [] {
    thread_pool pool({.workers = 2});
    pool.warm();
    int const many = 512;
    shared<int> sum = 0;
    for_each(pool, std::views::iota(0, many), [&](int) { ++sum.write(); }).blocking_get();
    EXPECT_EQ(sum.read(), many);
    EXPECT_EQ(pool.counters().steals, 0U);
  });
}

// One of them may take a second: they are offered before the first is run.
TEST(races, a_few_items_are_offered_at_once) {
  explored_without_delays(500, [] {
    thread_pool pool({.workers = 2});
    seam::atomic<int> inside{0};
    auto const meets = [&](int) {
      inside.fetch_add(1, seam::relaxed);
      while (inside.load(seam::relaxed) < 2) seam::yield_thread();
    };
    for_each(pool, std::views::iota(0, 4), meets).blocking_get();
  });
}
