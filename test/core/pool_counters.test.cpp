// SPDX-License-Identifier: Apache-2.0
// pool_counters: zero before anything happens, and told to the observer of a pool.
#include <gtest/gtest.h>

#include <quartet/core/observer.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

namespace quartet {
namespace {

TEST(pool_counters, begin_at_zero) {
  pool_counters const none;
  EXPECT_EQ(
      none.steals | none.failed_steals | none.parks | none.wakes | none.spills | none.budget_yields,
      0u);
  EXPECT_EQ(none.longest_wait, duration::zero());
}

TEST(pool_counters, an_observer_hears_of_them_when_the_pool_ends) {
  struct listener : observer {
    void on_counters(pool_counters const& all) noexcept override {
      heard = all;
      ++times;
    }
    pool_counters heard{};
    int times = 0;
  } all;
  {
    thread_pool pool({.workers = 1, .counters = &all});
    pool.submit([] {}).blocking_get();
    EXPECT_EQ(all.times, 0);
  }
  EXPECT_EQ(all.times, 1);
  EXPECT_EQ(all.heard.wakes, 1u);
}

}  // namespace
}  // namespace quartet
