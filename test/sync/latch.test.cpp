// SPDX-License-Identifier: Apache-2.0
// The latch.
#include <memory>

#include <quartet/sync/latch.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

TEST(latch, the_last_count_lets_everybody_go_on) {
  manual_executor e;
  latch l(3);
  std::vector<int> order;
  std::vector<future<void>> all;
  for (int i = 0; i < 3; ++i)
    all.push_back(e.submit([&, i]() -> task<> {
      co_await l.wait();
      order.push_back(i);
    }));
  e.run_until_idle();
  l.count_down(2);
  e.run_until_idle();
  EXPECT_TRUE(order.empty());
  EXPECT_FALSE(l.try_wait());
  l.count_down();
  EXPECT_TRUE(l.try_wait());
  e.run_until_idle();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2})) << "in the order of arrival";
  for (auto& f : all) f.blocking_get();
  l.blocking_wait();
}

TEST(latch, arriving_and_waiting_is_a_meeting_point) {
  manual_executor e;
  latch l(3);
  int there = 0;
  auto meet = [&]() -> task<> {
    co_await l.arrive_and_wait();
    ++there;
  };
  auto a = e.submit(meet), b = e.submit(meet);
  e.run_until_idle();
  EXPECT_EQ(there, 0);
  l.blocking_arrive_and_wait();
  e.run_until_idle();
  EXPECT_EQ(there, 2);
  a.blocking_get();
  b.blocking_get();
}

TEST(latch, a_stopped_arrival_still_counts) {
  manual_executor e;
  latch l(2);
  auto f = e.submit([&]() -> task<> { co_await l.arrive_and_wait(); });
  e.run_until_idle();
  f.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::stopped);
  l.count_down();
  EXPECT_TRUE(l.try_wait());
}

TEST(latch, waits_end_at_their_deadline) {
  manual_executor e;
  latch l(1);
  auto f = e.submit([&]() -> task<> { co_await l.wait_for(1h); });
  auto g = e.submit([&]() -> task<> { co_await l.wait_until(after(2h)); });
  e.run_until_idle();
  e.advance(2h);
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::timed_out);
  EXPECT_EQ(ending_of(g), ending::timed_out);
  EXPECT_THROW(l.blocking_wait_for(1us), timed_out);
  EXPECT_THROW(l.blocking_wait_until(clock::now()), timed_out);
}

TEST(latchDeathTest, counting_below_zero_is_an_assertion) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        latch l(1);
        l.count_down(2);
      },
      "below zero");
}

// The waiter destroys the latch while the other thread is still inside count_down.
TEST(latch, one_who_has_waited_may_destroy_it) {
  for (int round = 0; round < 300; ++round) {
    auto l = std::make_unique<latch>(1);
    std::thread other([p = l.get()] { p->count_down(); });
    l->blocking_wait();
    l.reset();
    other.join();
  }
}

TEST(latch, threads_and_tasks_meet) {
  thread_pool pool(pool_options{.workers = 2});
  for (int round = 0; round < 60; ++round) {
    latch l(6);
    std::atomic<int> before{0}, wrong{0};
    std::vector<future<void>> tasks;
    for (int i = 0; i < 3; ++i)
      tasks.push_back(pool.submit([&]() -> task<> {
        before.fetch_add(1);
        co_await l.arrive_and_wait();
        if (before != 6) wrong.fetch_add(1);
      }));
    test::on_threads(3, [&](int) {
      before.fetch_add(1);
      l.blocking_arrive_and_wait();
      if (before != 6) wrong.fetch_add(1);
    });
    for (auto& f : tasks) f.blocking_get();
    ASSERT_EQ(wrong, 0);
  }
}
