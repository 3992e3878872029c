// SPDX-License-Identifier: Apache-2.0
// The mutex: exclusion, fairness, stops that take nothing.
#include <quartet/sync/mutex.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

TEST(mutex, a_counter_under_a_mutex_loses_nothing) {
  thread_pool pool(pool_options{.workers = 2});
  mutex m;
  long count = 0;
  std::vector<future<void>> tasks;
  for (int t = 0; t < 3; ++t)
    tasks.push_back(pool.submit([&]() -> task<> {
      for (int i = 0; i < 300; ++i) {
        auto const l = co_await m.scoped_lock();
        ++count;
      }
    }));
  test::on_threads(3, [&](int) {
    for (int i = 0; i < 300; ++i) {
      lock_guard const l{m};
      ++count;
    }
  });
  for (auto& f : tasks) f.blocking_get();
  EXPECT_EQ(count, 1800);
}

TEST(mutex, it_is_handed_to_the_one_who_waited_longest) {
  manual_executor e;
  mutex m;
  std::vector<int> order;
  m.blocking_lock();
  std::vector<future<void>> all;
  for (int i = 0; i < 3; ++i)
    all.push_back(e.submit([&, i]() -> task<> {
      co_await m.lock();
      order.push_back(i);
      co_await yield();
      m.unlock();
    }));
  e.run_until_idle();
  EXPECT_FALSE(m.try_lock());
  m.unlock();
  EXPECT_FALSE(m.try_lock()) << "it already belongs to the first in line";
  e.run_until_idle();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(m.try_lock());
  m.unlock();
  for (auto& f : all) f.blocking_get();
}

TEST(mutex, a_stopped_lock_has_not_taken_it) {
  manual_executor e;
  mutex m;
  m.blocking_lock();
  auto a = e.submit([&]() -> task<> { co_await m.lock(); });
  auto b = e.submit([&]() -> task<> { auto const l = co_await m.scoped_lock(); });
  e.run_until_idle();
  a.stop();
  m.unlock();
  e.run_until_idle();
  EXPECT_EQ(ending_of(a), ending::stopped);
  EXPECT_EQ(ending_of(b), ending::value);
  EXPECT_TRUE(m.try_lock());
  m.unlock();
}

TEST(mutex, a_stop_after_the_hand_over_leaves_it_with_its_new_owner) {
  manual_executor e;
  mutex m;
  m.blocking_lock();
  auto f = e.submit([&]() -> task<> { auto const l = co_await m.scoped_lock(); });
  e.run_until_idle();
  m.unlock();
  f.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::value);
  EXPECT_TRUE(m.try_lock());
  m.unlock();
}

TEST(mutex, bounded_locks_end_at_their_deadline) {
  manual_executor e;
  mutex m;
  m.blocking_lock_until(clock::now());
  auto f = e.submit([&]() -> task<> { co_await m.lock_for(1h); });
  auto g = e.submit([&]() -> task<> { co_await m.lock_until(after(2h)); });
  e.run_until_idle();
  e.advance(1h);
  m.unlock();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::timed_out);
  EXPECT_EQ(ending_of(g), ending::value);
  EXPECT_THROW(m.blocking_lock_for(1us), timed_out);
  m.unlock();
}

TEST(mutex, an_owner_that_was_moved_from_unlocks_nothing) {
  mutex m;
  {
    lock_guard a{m};
    lock_guard const b{std::move(a)};
    EXPECT_FALSE(m.try_lock());
  }
  EXPECT_TRUE(m.try_lock());
  m.unlock();
}

TEST(mutexDeathTest, unlocking_a_free_one_is_an_assertion) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        mutex m;
        m.unlock();
      },
      "nobody had locked");
}

TEST(mutex, a_stop_that_races_with_the_unlock_leaves_it_usable) {
  thread_pool pool(pool_options{.workers = 2});
  mutex m;
  for (int round = 0; round < 400; ++round) {
    m.blocking_lock();
    auto f = pool.submit([&]() -> task<> { auto const l = co_await m.scoped_lock(); });
    test::on_threads(2, [&](int i) {
      if (i == 0)
        f.stop();
      else
        m.unlock();
    });
    try {
      f.blocking_get();
    } catch (stopped const&) {
    }
    ASSERT_TRUE(m.try_lock());
    m.unlock();
  }
}
