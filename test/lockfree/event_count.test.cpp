// SPDX-License-Identifier: Apache-2.0
// The event count: a lost wake-up would hang these tests.
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <vector>

#include <quartet/lockfree/event_count.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using namespace std::chrono_literals;

TEST(event_count, a_notification_between_prepare_and_commit_is_not_slept_through) {
  lockfree::event_count e;
  auto const key = e.prepare_wait();
  e.notify_one();
  EXPECT_TRUE(e.commit_wait(key));
  EXPECT_EQ(e.waiters(), 0u);
}

TEST(event_count, a_wait_ends_at_its_deadline_and_says_so) {
  lockfree::event_count e;
  auto const deadline = after(5ms);
  EXPECT_FALSE(e.commit_wait(e.prepare_wait(), deadline));
  EXPECT_GE(clock::now(), deadline);
  EXPECT_EQ(e.waiters(), 0u);
}

TEST(event_count, a_deadline_that_has_passed_does_not_block) {
  lockfree::event_count e;
  EXPECT_FALSE(e.commit_wait(e.prepare_wait(), time_point{}));
  EXPECT_FALSE(e.commit_wait(e.prepare_wait(), time_point::min()));
}

TEST(event_count, notifying_nobody_makes_no_system_call) {
#if QUARTET_SIM
  test::recording_machine m;
  seam::machine_scope const scope(m);
  lockfree::event_count e;
  e.notify_one();
  e.notify_all();
  [[maybe_unused]] auto const key = e.prepare_wait();
  EXPECT_EQ(e.waiters(), 1u);
  e.cancel_wait();
  e.notify_one();
  EXPECT_EQ(m.count(seam::kind::futex_wake), 0u);
  EXPECT_EQ(m.count(seam::kind::fence), 4u);
  [[maybe_unused]] auto const again = e.prepare_wait();
  e.notify_one();
  EXPECT_EQ(m.count(seam::kind::futex_wake), 1u);
  EXPECT_TRUE(m.saw(seam::kind::futex_wake, "event_count.test.cpp"));
  e.cancel_wait();
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}

// Tickets are put one by one, each with notify_one; three consumers sleep whenever they find none.
// If a wake-up were lost, all consumers would sleep with a ticket left, for good.
TEST(event_count, no_wake_up_is_lost_between_a_producer_and_three_consumers) {
  constexpr int count = 20'000;
  lockfree::event_count e;
  std::atomic<int> tickets{0};
  std::atomic<int> taken{0};
  auto const try_take = [&] {
    int n = tickets.load(std::memory_order_relaxed);
    while (n > 0)
      if (tickets.compare_exchange_weak(n, n - 1, std::memory_order_acq_rel)) return true;
    return false;
  };
  {
    std::vector<seam::thread> consumers;
    for (int i = 0; i < 3; ++i)
      consumers.emplace_back([&] {
        while (taken.load() < count) {
          if (try_take()) {
            if (taken.fetch_add(1) + 1 == count) e.notify_all();
            continue;
          }
          auto const key = e.prepare_wait();
          if (tickets.load(std::memory_order_relaxed) > 0 || taken.load() >= count)
            e.cancel_wait();
          else
            e.commit_wait(key);
        }
      });
    for (int i = 0; i < count; ++i) {
      tickets.fetch_add(1, std::memory_order_relaxed);
      e.notify_one();
      if (i % 64 == 0)  // let them fall asleep now and then
        while (tickets.load() > 0) seam::yield_thread();
    }
  }
  EXPECT_EQ(taken, count);
  EXPECT_EQ(e.waiters(), 0u);
}

TEST(event_count, notify_all_wakes_every_sleeper) {
  lockfree::event_count e;
  std::atomic<bool> open{false};
  std::atomic<int> through{0};
  {
    std::vector<seam::thread> sleepers;
    for (int i = 0; i < 4; ++i)
      sleepers.emplace_back([&] {
        while (!open) {
          auto const key = e.prepare_wait();
          if (open)
            e.cancel_wait();
          else
            e.commit_wait(key);
        }
        through.fetch_add(1);
      });
    while (e.waiters() < 4) seam::yield_thread();
    open = true;
    e.notify_all();
  }
  EXPECT_EQ(through, 4);
}
