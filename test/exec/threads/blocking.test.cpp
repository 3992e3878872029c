// SPDX-License-Identifier: Apache-2.0
// Calls that block: their slot goes to another thread, so what they wait for runs.
#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/algo/parallel_invoke.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/latch.hpp>

namespace quartet {
namespace {

int depth_of(thread_pool& pool, int left) {
  if (left == 0) return 0;
  return 1 + pool.submit(depth_of, std::ref(pool), left - 1).blocking_get();
}

TEST(blocking_in_a_pool, waits_nest_a_hundred_deep_with_one_worker) {
  thread_pool pool{{.workers = 1}};
  EXPECT_EQ(depth_of(pool, 100), 100);
  EXPECT_EQ(pool.submit(depth_of, std::ref(pool), 100).blocking_get(), 100);
}

int fib(thread_pool& pool, int n) {
  if (n < 2) return n;
  auto left = pool.submit(fib, std::ref(pool), n - 1);
  int const right = fib(pool, n - 2);
  return left.blocking_get() + right;
}

TEST(blocking_in_a_pool, a_tree_of_waits_ends) {
  for (unsigned workers : {1u, 2u, 3u}) {
    thread_pool pool{{.workers = workers}};
    EXPECT_EQ(pool.submit(fib, std::ref(pool), 13).blocking_get(), 233);
  }
}

// The call waits for the loop, so it drives it; the loop's call waits for the pool on top of that.
TEST(blocking_in_a_pool, a_call_that_drives_a_loop_may_have_it_wait_for_the_pool) {
  thread_pool pool({.workers = 2});
  auto const call = [&pool](int x) {
    event_loop loop;
    auto const within = [&pool, x] { return pool.submit([x] { return x + 1; }).blocking_get(); };
    return loop.submit(within).blocking_get() + pool.submit([] { return 1; }).blocking_get();
  };
  for (int round = 0; round != 20; ++round) {
    auto a = pool.submit(call, 1), b = pool.submit(call, 2), c = pool.submit(call, 3);
    EXPECT_EQ(a.blocking_get() + b.blocking_get() + c.blocking_get(), 12);
  }
}

TEST(blocking_in_a_pool, one_call_may_block_again_and_again) {
  thread_pool pool{{.workers = 1}};
  int const sum = pool.submit([&] {
                        int s = 0;
                        for (int i = 0; i < 2'000; ++i)
                          s += pool.submit([](int x) { return x; }, 1).blocking_get();
                        return s;
                      })
                      .blocking_get();
  EXPECT_EQ(sum, 2'000);
}

// No more threads take calls than there are workers: those that came back from a wait end
// their own call and are then workers or spares. Eight block together, then others count.
TEST(blocking_in_a_pool, threads_that_come_back_crowd_nobody_for_long) {
  thread_pool pool{{.workers = 2}};
  std::atomic<int> inside{0}, most{0};
  std::vector<future<void>> blockers;
  for (int i = 0; i < 8; ++i)
    blockers.push_back(pool.submit([&] { pool.submit([] {}).blocking_get(); }));
  for (auto& b : blockers) b.blocking_get();
  pool.submit([] {}).blocking_get();
  std::vector<future<void>> counters;
  for (int i = 0; i < 2'000; ++i)
    counters.push_back(pool.submit([&] {
      int const now = ++inside;
      int seen = most;
      while (seen < now && !most.compare_exchange_weak(seen, now)) {
      }
      --inside;
    }));
  for (auto& c : counters) c.blocking_get();
  EXPECT_LE(most, 2);
}

// Both slots are held by others when it comes back. As soon as one is free it has a place again for
// what others may take: the first branch depends on that.
TEST(blocking_in_a_pool, a_call_that_came_back_without_a_slot_gets_one_again) {
  thread_pool pool{{.workers = 2, .patience = {}}};
  std::atomic<bool> back{false};
  auto const holds_a_slot = [&](latch& both_inside) {
    both_inside.count_down();
    while (!back) std::this_thread::yield();
  };
  auto const comes_back = [&] {
    latch both_inside(2);
    back = false;
    auto a = pool.submit(holds_a_slot, std::ref(both_inside));
    auto b = pool.submit(holds_a_slot, std::ref(both_inside));
    both_inside.blocking_wait();
    bool const had_a_slot = current_execution()->place_of_work() != nullptr;
    back = true;
    while (!current_execution()->has_place()) std::this_thread::yield();
    std::atomic<bool> told{false};
    parallel_invoke(
        [&] {
          while (!told) std::this_thread::yield();
        },
        [&] { told = true; });
    return had_a_slot;
  };
  for (int again = 0; again != 20; ++again) EXPECT_FALSE(pool.submit(comes_back).blocking_get());
}

TEST(blocking_in_a_pool, an_item_that_waits_does_not_keep_the_later_ones) {
  thread_pool pool{{.workers = 1}};
  latch all(2);
  std::vector<int> const items(2);
  for_each(pool, items, [&](int) { all.blocking_arrive_and_wait(); }).blocking_get();
  EXPECT_TRUE(all.try_wait());
}

TEST(blocking_in_a_pool, a_blocked_call_that_is_stopped_goes_on) {
  thread_pool pool{{.workers = 1}};
  std::atomic<bool> inside{false};
  auto f = pool.submit([&] {
    inside = true;
    blocking_sleep_for(std::chrono::hours(1));
  });
  while (!inside) pool.submit([] {}).blocking_get();
  f.stop();
  EXPECT_THROW(f.blocking_get(), stopped);
}

}  // namespace
}  // namespace quartet
