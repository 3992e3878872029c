// SPDX-License-Identifier: Apache-2.0
// Calls that block: their slot goes to another thread, so what they wait for runs.
#include <atomic>
#include <gtest/gtest.h>
#include <vector>

#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

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
