// SPDX-License-Identifier: Apache-2.0
// The inner lock and its condition: exclusion, and no notification lost.
#include <chrono>
#include <gtest/gtest.h>
#include <vector>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using namespace std::chrono_literals;

// A plain counter: a lock that does not exclude loses counts, and the thread sanitizer sees it.
TEST(mutex, excludes_four_threads_from_each_other) {
  constexpr int each = 20'000;
  seam::mutex m;
  long counter = 0;
  {
    std::vector<seam::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < each; ++i) {
          seam::guard const hold(m);
          ++counter;
        }
      });
  }
  EXPECT_EQ(counter, 4L * each);
}

TEST(mutex, try_lock_answers_at_once) {
  seam::mutex m;
  EXPECT_TRUE(m.try_lock());
  EXPECT_FALSE(m.try_lock());
  m.unlock();
  seam::guard hold(m);
  hold.unlock();
  EXPECT_TRUE(m.try_lock());
  m.unlock();
}

// One slot between a producer and two consumers: whoever misses a notification waits for ever.
TEST(condition, loses_no_notification) {
  constexpr int count = 5'000;
  seam::mutex m;
  seam::condition changed;
  int in_slot = 0, taken = 0;
  {
    std::vector<seam::thread> consumers;
    for (int c = 0; c < 2; ++c)
      consumers.emplace_back([&] {
        seam::guard const hold(m);
        while (taken < count) {
          if (in_slot == 0) {
            changed.wait(m);
            continue;
          }
          --in_slot;
          if (++taken == count) changed.notify_all();
        }
      });
    for (int i = 0; i < count; ++i) {
      {
        seam::guard const hold(m);
        ++in_slot;
      }
      changed.notify_one();
    }
  }
  EXPECT_EQ(taken, count);
  EXPECT_EQ(in_slot, 0);
}

TEST(condition, a_wait_ends_at_its_deadline_with_the_mutex_held) {
  seam::mutex m;
  seam::condition c;
  seam::guard const hold(m);
  auto const deadline = after(2ms);
  while (c.wait(m, deadline) != seam::wake::timed_out) {
  }
  EXPECT_GE(clock::now(), deadline);
  EXPECT_FALSE(m.try_lock());
}

TEST(mutex, lock_condition_and_unlock_name_themselves) {
#if QUARTET_SIM
  test::recording_machine machine;
  seam::machine_scope const scope(machine);
  seam::mutex m;
  seam::condition c;
  m.lock();
  c.wait(m, time_point{});
  c.notify_one();
  c.notify_all();
  m.unlock();
  EXPECT_TRUE(m.try_lock());
  m.unlock();
  using seam::kind;
  EXPECT_EQ(machine.count(kind::lock, &m), 2u) << "by hand, and after the wait";
  EXPECT_EQ(machine.count(kind::unlock, &m), 3u);
  EXPECT_EQ(machine.count(kind::try_lock, &m), 1u);
  EXPECT_EQ(machine.count(kind::wait, &c), 1u);
  EXPECT_EQ(machine.count(kind::notify, &c), 2u);
  for (auto const k : {kind::lock, kind::unlock, kind::try_lock, kind::wait, kind::notify})
    EXPECT_TRUE(machine.saw(k, "mutex.test.cpp")) << seam::name(k);
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}

TEST(mutex, a_lock_taken_while_a_machine_listened_can_be_given_back_when_none_does) {
#if QUARTET_SIM
  test::recording_machine machine;
  seam::mutex m;
  {
    seam::machine_scope const scope(machine);
    m.lock();
  }
  EXPECT_FALSE(m.try_lock());
  m.unlock();
  m.lock();
  {
    seam::machine_scope const scope(machine);
    EXPECT_FALSE(m.try_lock());
    m.unlock();  // of a lock that nobody was told of
    EXPECT_TRUE(m.try_lock());
  }
  m.unlock();
  EXPECT_EQ(machine.count(seam::kind::lock, &m), 1u);
  EXPECT_EQ(machine.count(seam::kind::unlock, &m), 0u);
  EXPECT_EQ(machine.count(seam::kind::try_lock, &m), 2u);
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}

TEST(mutex, who_locks_quietly_is_told_that_nobody_listens) {
  seam::mutex m;
  EXPECT_TRUE(m.lock_quietly());
  EXPECT_FALSE(m.lock_quietly());
  { seam::guard const g(m, seam::adopt()); }
#if QUARTET_SIM
  test::recording_machine machine;
  seam::machine_scope const scope(machine);
  EXPECT_FALSE(m.lock_quietly());
  EXPECT_EQ(machine.operations().size(), 0u);
#endif
  EXPECT_TRUE(m.try_lock());
  m.unlock();
}
