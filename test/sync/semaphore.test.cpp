// SPDX-License-Identifier: Apache-2.0
// The semaphore: bounds, fairness, stops that take nothing.
#include <algorithm>

#include <quartet/sync/semaphore.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

namespace {
task<> take(semaphore* s, std::size_t n, std::vector<int>* out, int id) {
  co_await s->acquire(n);
  out->push_back(id);
}
}  // namespace

TEST(semaphore, at_most_three_are_inside) {
  manual_executor e;
  semaphore s(3);
  int inside = 0, most = 0, done = 0;
  e.submit([&]() -> task<> {
     co_await with_group([&](group& g) {
       for (int i = 0; i < 20; ++i)
         g.spawn([&]() -> task<> {
           co_await s.acquire();
           most = std::max(most, ++inside);
           co_await yield();
           --inside;
           ++done;
           s.release();
         });
     });
   }).blocking_get();
  EXPECT_EQ(most, 3);
  EXPECT_EQ(done, 20);
  EXPECT_EQ(s.available(), 3u);
}

TEST(semaphore, a_big_request_is_not_overtaken) {
  manual_executor e;
  semaphore s(2);
  std::vector<int> order;
  auto big = e.submit(take, &s, 5u, &order, 1);
  auto small = e.submit(take, &s, 1u, &order, 2);
  e.run_until_idle();
  EXPECT_TRUE(order.empty()) << "the small one would fit, but stands behind";
  EXPECT_FALSE(s.try_acquire());
  s.release(2);
  e.run_until_idle();
  EXPECT_TRUE(order.empty());
  s.release(1);
  e.run_until_idle();
  EXPECT_EQ(order, std::vector<int>{1});
  s.release(1);
  e.run_until_idle();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  big.blocking_get();
  small.blocking_get();
  EXPECT_EQ(s.available(), 0u);
}

TEST(semaphore, one_release_serves_all_who_fit) {
  manual_executor e;
  semaphore s(0);
  std::vector<int> order;
  std::vector<future<void>> all;
  for (int i = 0; i < 4; ++i) all.push_back(e.submit(take, &s, 1u, &order, i));
  e.run_until_idle();
  s.release(3);
  e.run_until_idle();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
  s.release();
  for (auto& f : all) f.blocking_get();
}

TEST(semaphore, a_stopped_big_request_lets_those_behind_move_up) {
  manual_executor e;
  semaphore s(2);
  std::vector<int> order;
  auto big = e.submit(take, &s, 5u, &order, 1);
  auto a = e.submit(take, &s, 1u, &order, 2);
  auto b = e.submit(take, &s, 1u, &order, 3);
  e.run_until_idle();
  big.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(big), ending::stopped);
  EXPECT_EQ(order, (std::vector<int>{2, 3}));
  a.blocking_get();
  b.blocking_get();
}

TEST(semaphore, a_request_that_times_out_lets_those_behind_move_up) {
  manual_executor e;
  semaphore s(1);
  std::vector<int> order;
  auto big = e.submit([&]() -> task<> { co_await s.acquire_for(1h, 5); });
  auto small = e.submit(take, &s, 1u, &order, 2);
  e.run_until_idle();
  e.advance(1h);
  e.run_until_idle();
  EXPECT_EQ(ending_of(big), ending::timed_out);
  EXPECT_EQ(order, std::vector<int>{2});
  small.blocking_get();
}

TEST(semaphore, a_stop_after_the_hand_over_keeps_the_permit_with_its_new_owner) {
  manual_executor e;
  semaphore s(0);
  std::vector<int> order;
  auto f = e.submit(take, &s, 1u, &order, 1);
  e.run_until_idle();
  s.release();
  f.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::value);
  EXPECT_EQ(order.size(), 1u);
}

TEST(semaphore, threads_take_permits_too) {
  semaphore s(1);
  s.blocking_acquire();
  EXPECT_FALSE(s.try_acquire());
  EXPECT_THROW(s.blocking_acquire_for(1us), timed_out);
  EXPECT_THROW(s.blocking_acquire_until(clock::now()), timed_out);
  std::thread other([&] { s.release(3); });
  s.blocking_acquire(3);
  other.join();
  EXPECT_EQ(s.available(), 0u);
}

TEST(semaphore, a_thread_that_times_out_lets_those_behind_move_up) {
  manual_executor e;
  semaphore s(1);
  std::vector<int> order;
  std::thread big([&] { EXPECT_THROW(s.blocking_acquire_for(20ms, 2), timed_out); });
  while (s.try_acquire()) {  // until the big one stands in line
    s.release();
    std::this_thread::yield();
  }
  auto small = e.submit(take, &s, 1u, &order, 1);
  e.run_until_idle();
  big.join();
  e.run_until_idle();
  EXPECT_TRUE(small.done());
  small.blocking_get();
}

// The oracle: never more inside than permits, all permits back at the end.
TEST(semaphore, threads_and_tasks_keep_the_bound) {
  thread_pool pool(pool_options{.workers = 2});
  semaphore s(4);
  std::atomic<int> inside{0};
  std::atomic<bool> too_many{false};
  auto const visit = [&](int n) {
    if (inside.fetch_add(n) + n > 4) too_many = true;
    inside.fetch_sub(n);
  };
  std::vector<future<void>> tasks;
  for (int t = 0; t < 4; ++t)
    tasks.push_back(pool.submit([&]() -> task<> {
      for (int i = 0; i < 200; ++i) {
        auto const n = static_cast<unsigned>(1 + i % 4);
        co_await s.acquire(n);
        visit(static_cast<int>(n));
        s.release(n);
      }
    }));
  test::on_threads(3, [&](int) {
    for (int i = 0; i < 200; ++i) {
      auto const n = static_cast<unsigned>(1 + i % 3);
      s.blocking_acquire(n);
      visit(static_cast<int>(n));
      s.release(n);
    }
  });
  for (auto& f : tasks) f.blocking_get();
  EXPECT_FALSE(too_many);
  EXPECT_EQ(s.available(), 4u);
}

TEST(semaphore, a_stop_that_races_with_a_release_loses_no_permit) {
  thread_pool pool(pool_options{.workers = 2});
  semaphore s(0);
  for (int round = 0; round < 400; ++round) {
    auto f = pool.submit([&]() -> task<> { co_await s.acquire(); });
    test::on_threads(2, [&](int i) {
      if (i == 0)
        f.stop();
      else
        s.release();
    });
    bool taken = true;
    try {
      f.blocking_get();
    } catch (stopped const&) {
      taken = false;
    }
    ASSERT_EQ(s.available(), taken ? 0u : 1u);
    if (!taken) s.blocking_acquire();
  }
}
