// SPDX-License-Identifier: Apache-2.0
// Calls of several levels, and calls that are raised, under many schedules.
#include <optional>
#include <vector>

#include <quartet/core/executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>

#include "races/explored.hpp"

using namespace quartet;
using test::explored;

TEST(races, a_call_that_is_raised_while_it_waits_runs_once) {
  explored(1500, [] {
    std::vector<shared<int>> ran(6);
    {
      thread_pool pool({.workers = 2});
      auto const run = [&ran](std::size_t i) { ran[i] = ran[i] + 1; };
      auto first = pool.submit({.level = priority::background}, run, std::size_t{0});
      auto second = pool.submit(run, std::size_t{1});
      auto const waits = [&](std::size_t i) -> task<> {
        co_await second;
        co_await first;
        ran[i] = ran[i] + 1;
      };
      auto urgent = pool.submit({.level = priority::urgent}, waits, std::size_t{2});
      // They fill the queue while `second` is taken out of its middle.
      std::vector<future<void>> more;
      for (std::size_t i = 3; i != 6; ++i) more.push_back(pool.submit(run, i));
      urgent.blocking_get();
      for (auto& each : more) each.blocking_get();
    }
    for (auto& each : ran) EXPECT_EQ(each, 1);
  });
}

// It stands in two places then, and the one who comes second must find it there no more.
TEST(races, a_call_that_is_raised_while_it_lies_in_a_deque_runs_once) {
  explored(1500, [] {
    std::vector<shared<int>> ran(4);
    {
      thread_pool pool({.workers = 2});
      auto const run = [&ran](std::size_t i) { ran[i] = ran[i] + 1; };
      auto const submits = [&]() -> task<> {
        std::vector<future<void>> own;
        for (std::size_t i = 0; i != 3; ++i) own.push_back(pool.submit(run, i));
        auto const waits = [&]() -> task<> { co_await own[0]; };
        auto high = pool.submit({.level = priority::high}, waits);
        co_await high;
        for (std::size_t i = 1; i != 3; ++i) co_await own[i];
      };
      auto outer = pool.submit(submits);
      auto const waits = [&]() -> task<> { co_await outer; };
      auto urgent = pool.submit({.level = priority::urgent}, waits);
      pool.submit(run, std::size_t{3}).blocking_get();
      urgent.blocking_get();
    }
    for (auto& each : ran) EXPECT_EQ(each, 1);
  });
}

TEST(races, a_raise_meets_the_end_of_calls_and_of_their_executor) {
  explored(1000, [] {
    thread_pool waiting({.workers = 1});
    std::optional<thread_pool> pool(std::in_place, pool_options{.workers = 1});
    auto inner_and_outer = [&pool]() -> task<> {
      auto inner = pool->submit([] { return 1; });
      EXPECT_EQ(co_await inner, 1);
    };
    auto outer = pool->submit({.level = priority::background}, inner_and_outer);
    auto high = waiting.submit({.level = priority::high}, [&]() -> task<> { co_await outer; });
    pool.reset();
    high.blocking_get();
  });
}

TEST(races, calls_of_every_level_are_all_run) {
  explored(800, [] {
    seam::atomic<int> ran{0};
    {
      thread_pool pool({.workers = 2});
      auto const count = [&ran] { ran.fetch_add(1, seam::relaxed); };
      auto const two = [&] {
        count();
        pool.submit({.level = priority::background}, count).blocking_get();
        pool.submit({.level = priority::urgent}, count).blocking_get();
      };
      auto a = pool.submit({.level = priority::background}, two);
      auto b = pool.submit({.level = priority::high}, two);
      pool.submit(two).blocking_get();
      a.blocking_get();
      b.blocking_get();
    }
    EXPECT_EQ(ran.load(seam::relaxed), 9);
  });
}
