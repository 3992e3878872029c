// SPDX-License-Identifier: Apache-2.0
// Pausing a pool: nothing begins, what runs goes on, nothing is lost.
#include <atomic>
#include <gtest/gtest.h>
#include <optional>
#include <semaphore>
#include <thread>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/event.hpp>

namespace quartet {
namespace {

TEST(pause, nothing_begins_until_the_pool_goes_on) {
  thread_pool pool({.workers = 2});
  pool.warm();
  pool.pause();
  std::atomic<bool> go_on{false};
  std::atomic<int> early{0};
  std::vector<future<void>> all;
  for (int i = 0; i != 100; ++i) all.push_back(pool.submit([&] { early += go_on ? 0 : 1; }));
  // A second pool has had all the time in the world when its call has come back.
  thread_pool other({.workers = 2});
  for (int i = 0; i != 100; ++i) other.submit([] {}).blocking_get();
  go_on = true;
  pool.resume();
  for (auto& f : all) f.blocking_get();
  EXPECT_EQ(early, 0);
}

TEST(pause, what_runs_goes_on_until_it_suspends) {
  thread_pool pool({.workers = 1, .patience = {}});
  std::binary_semaphore begun{0}, go{0};
  std::atomic<int> steps{0};
  auto running = pool.submit([&]() -> task<> {
    begun.release();
    go.acquire();
    ++steps;
    co_await yield();
    ++steps;
  });
  begun.acquire();
  pool.pause();
  go.release();
  while (steps == 0) std::this_thread::yield();
  thread_pool other({.workers = 1});
  for (int i = 0; i != 100; ++i) other.submit([] {}).blocking_get();
  EXPECT_EQ(steps, 1);
  pool.resume();
  running.blocking_get();
  EXPECT_EQ(steps, 2);
}

TEST(pause, a_task_may_pause_its_own_pool_and_another_thread_resume_it) {
  thread_pool pool({.workers = 2});
  pool.submit([&] { pool.pause(); }).blocking_get();
  auto later = pool.submit([] { return 7; });
  pool.resume();
  EXPECT_EQ(later.blocking_get(), 7);
}

TEST(pause, a_bulk_call_survives_many_of_them) {
  thread_pool pool({.workers = 2});
  std::vector<int> items(20'000, 1);
  for (int i = 0; i != 20; ++i) {
    auto b = map(pool, items, [](int x) { return x + 1; });
    pool.pause();
    pool.resume();
    EXPECT_EQ(b.blocking_get().size(), items.size());
  }
}

TEST(pause, a_task_that_pauses_its_pool_while_that_ends_holds_nothing_up) {
  int ran = 0;
  std::optional<future<void>> first, second;
  {
    thread_pool pool({.workers = 1});
    pool.pause();
    first.emplace(pool.submit([&pool] { pool.pause(); }));  // begins in the destructor
    second.emplace(pool.submit([&ran] { ++ran; }));
  }
  EXPECT_EQ(ran, 1);
}

TEST(pause, the_destructor_of_a_paused_pool_runs_what_waits) {
  int ran = 0;
  std::optional<future<void>> f;
  {
    thread_pool pool({.workers = 1});
    pool.pause();
    f.emplace(pool.submit([&ran] { ++ran; }));
  }
  EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace quartet
