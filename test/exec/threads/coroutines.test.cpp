// SPDX-License-Identifier: Apache-2.0
// The pool with coroutines: they yield, sleep, await and change workers.
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

namespace quartet {
namespace {

using namespace std::chrono_literals;

task<int> plus_one(int x) { co_return x + 1; }

TEST(coroutines_in_a_pool, give_their_value) {
  thread_pool pool{{.workers = 2}};
  EXPECT_EQ(pool.submit(plus_one, 41).blocking_get(), 42);
}

task<> say_twice(std::vector<std::string>& said, std::string who) {
  said.push_back(who + " 1");
  co_await yield();
  said.push_back(who + " 2");
}

task<> both(std::vector<std::string>& said) {
  auto const body = [](group& g, std::vector<std::string>& to) {
    g.spawn(say_twice, std::ref(to), "first");
    g.spawn(say_twice, std::ref(to), "second");
  };
  co_await with_group(body, std::ref(said));
}

TEST(coroutines_in_a_pool, who_yields_lets_the_other_go_first) {
  thread_pool pool{{.workers = 1}};
  std::vector<std::string> said;
  pool.submit(both, std::ref(said)).blocking_get();
  ASSERT_EQ(said.size(), 4u);
  EXPECT_EQ(said[0].back(), '1');
  EXPECT_EQ(said[1].back(), '1');
  EXPECT_NE(said[0], said[1]);
}

task<int> yields(int n, std::atomic<int>& total) {
  for (int i = 0; i < n; ++i) {
    ++total;
    co_await yield();
  }
  co_return n;
}

TEST(coroutines_in_a_pool, yield_across_workers) {
  thread_pool pool{{.workers = 3}};
  std::atomic<int> total{0};
  std::vector<future<int>> all;
  for (int i = 0; i < 100; ++i) all.push_back(pool.submit(yields, 100, std::ref(total)));
  for (auto& f : all) EXPECT_EQ(f.blocking_get(), 100);
  EXPECT_EQ(total, 10'000);
}

task<int> sleeps(duration d) {
  co_await sleep_for(d);
  co_return 1;
}

TEST(coroutines_in_a_pool, sleep_at_least_their_time) {
  for (unsigned workers : {1u, 2u, 4u}) {
    thread_pool pool{{.workers = workers}};
    auto const begin = clock::now();
    std::vector<future<int>> all;
    for (int i = 0; i < 50; ++i)
      all.push_back(pool.submit(sleeps, std::chrono::microseconds(i * 37)));
    all.push_back(pool.submit(sleeps, 10ms));
    for (auto& f : all) EXPECT_EQ(f.blocking_get(), 1);
    EXPECT_GE(clock::now() - begin, 10ms);
  }
}

TEST(coroutines_in_a_pool, a_busy_worker_looks_at_the_timers) {
  thread_pool pool{{.workers = 1}};
  auto sleeper = pool.submit(sleeps, 1ms);
  std::vector<future<void>> small;
  while (!sleeper.done()) {
    small.push_back(pool.submit([] {}));  // the worker never runs out of calls
    if (small.size() == 1'000) {
      for (auto& f : small) f.blocking_get();
      small.clear();
    }
  }
  EXPECT_EQ(sleeper.blocking_get(), 1);
}

TEST(coroutines_in_a_pool, a_sleep_ends_with_the_stop) {
  thread_pool pool{{.workers = 2}};
  for (int i = 0; i < 200; ++i) {
    auto f = pool.submit(sleeps, 1h);
    if (i % 2 == 0) std::this_thread::yield();
    f.stop();
    EXPECT_THROW(f.blocking_get(), stopped);
  }
}

task<> runs_out_of_time() { co_await sleep_for(1h); }

TEST(coroutines_in_a_pool, a_timeout_is_an_outcome_of_its_own) {
  thread_pool pool{{.workers = 2}};
  EXPECT_THROW(pool.submit({.timeout = 1ms}, runs_out_of_time).blocking_get(), timed_out);
}

task<long> tree(thread_pool& pool, int depth) {
  if (depth == 0) co_return 1;
  auto left = pool.submit(tree, std::ref(pool), depth - 1);
  auto right = pool.submit(tree, std::ref(pool), depth - 1);
  co_return co_await left + co_await right;
}

TEST(coroutines_in_a_pool, await_calls_of_the_same_pool) {
  for (unsigned workers : {1u, 2u, 4u}) {
    thread_pool pool{{.workers = workers}};
    EXPECT_EQ(pool.submit(tree, std::ref(pool), 12).blocking_get(), 4096);
  }
}

task<int> back_and_forth(thread_pool& a, thread_pool& b) {
  for (int i = 0; i < 100; ++i) {
    co_await hop(b);
    co_await hop(a);
  }
  co_return 7;
}

TEST(coroutines_in_a_pool, hop_between_pools_that_die_right_afterwards) {
  for (int i = 0; i < 50; ++i) {
    thread_pool a{{.workers = 2}};
    thread_pool b{{.workers = 1}};
    EXPECT_EQ(a.submit(back_and_forth, std::ref(a), std::ref(b)).blocking_get(), 7);
  }
}

task<long> ready_tasks(int n) {
  long sum = 0;
  for (int i = 0; i < n; ++i) sum += co_await plus_one(0);
  co_return sum;
}

TEST(coroutines_in_a_pool, five_million_ready_tasks_do_not_grow_the_stack) {
  thread_pool pool{{.workers = 2}};
  EXPECT_EQ(pool.submit(ready_tasks, 5'000'000).blocking_get(), 5'000'000);
}

task<> fails() {
  co_await yield();
  throw std::domain_error("no");
}

TEST(coroutines_in_a_pool, an_exception_arrives_with_its_type) {
  thread_pool pool{{.workers = 2}};
  EXPECT_THROW(pool.submit(fails).blocking_get(), std::domain_error);
}

}  // namespace
}  // namespace quartet
