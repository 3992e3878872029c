// SPDX-License-Identifier: Apache-2.0
// The counters of the pool: each moves when it should.
#include <gtest/gtest.h>
#include <semaphore>
#include <thread>
#include <vector>

#include <quartet/algo/fork_join.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/event.hpp>

namespace quartet {
namespace {

TEST(counters, of_a_pool_that_was_never_used_are_zero) {
  thread_pool pool({.workers = 2});
  pool_counters const c = pool.counters();
  EXPECT_EQ(c.steals + c.failed_steals + c.parks + c.wakes + c.spills + c.budget_yields, 0u);
  EXPECT_EQ(c.longest_wait, duration::zero());
}

TEST(counters, a_sleeping_pool_is_woken_for_a_call_and_lies_down_again) {
  thread_pool pool({.workers = 1});
  for (unsigned i = 0; i != 3; ++i) {
    while (pool.counters().parks != i) std::this_thread::yield();
    pool.submit([] {}).blocking_get();
  }
  pool_counters const c = pool.counters();
  EXPECT_EQ(c.wakes, 3u) << "the first one brings the thread";
  EXPECT_GE(c.failed_steals, 2u);
  EXPECT_EQ(c.steals, 0u) << "there is nobody to steal from";
}

TEST(counters, a_call_that_another_worker_takes_is_stolen) {
  thread_pool pool({.workers = 2, .patience = {}});
  std::binary_semaphore taken{0};
  pool.submit([&] {
        // Held by this worker until the other one has run it.
        auto inner = pool.submit([&] { taken.release(); });
        taken.acquire();
        inner.blocking_get();
      })
      .blocking_get();
  EXPECT_GE(pool.counters().steals, 1u);
}

TEST(counters, what_does_not_fit_into_a_deque_is_spilled) {
  thread_pool pool({.workers = 1});
  std::vector<future<void>> all;
  pool.submit([&] {
        for (int i = 0; i != 5000; ++i) all.push_back(pool.submit([] {}));
      })
      .blocking_get();
  for (auto& f : all) f.blocking_get();
  pool_counters const c = pool.counters();
  EXPECT_GE(c.spills, 1000u);
  EXPECT_LT(c.spills, 5000u);
}

TEST(counters, a_turn_that_ends_with_its_budget_is_counted) {
  thread_pool pool({.workers = 1, .budget = 10});
  event set;
  set.set();
  pool.submit([&]() -> task<> {
        for (int i = 0; i != 100; ++i) co_await set.wait();
      })
      .blocking_get();
  EXPECT_EQ(pool.counters().budget_yields, 10u);
}

TEST(counters, the_longest_wait_is_at_least_as_long_as_a_call_has_waited) {
  thread_pool pool({.workers = 1, .patience = {}});
  std::binary_semaphore begun{0}, go{0};
  std::vector<future<void>> all;
  all.push_back(pool.submit([&] {
    begun.release();
    go.acquire();
  }));
  begun.acquire();
  for (int i = 0; i != 600; ++i) all.push_back(pool.submit([] {}));
  time_point const all_wait = clock::now();
  while (clock::now() - all_wait < std::chrono::milliseconds(3)) std::this_thread::yield();
  go.release();
  for (auto& f : all) f.blocking_get();
  EXPECT_GE(pool.counters().longest_wait, std::chrono::milliseconds(3));
}

}  // namespace
}  // namespace quartet
