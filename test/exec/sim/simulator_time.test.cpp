// SPDX-License-Identifier: Apache-2.0
// Time on simulated threads: it moves when nobody can go on, and then at once.
#include <gtest/gtest.h>
#include <vector>

#include <quartet/core/yield.hpp>
#include <quartet/exec/sim/simulator.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;
using namespace std::chrono_literals;

TEST(simulator, sleeping_takes_no_time_and_is_exact) {
  simulator s;
  auto const begin = s.now();
  auto const function = [] {
    auto const at = clock::now();
    blocking_sleep_for(24h);
    return clock::now() - at;
  };
  auto const coroutine = []() -> task<duration> {
    auto const at = clock::now();
    co_await sleep_for(24h);
    co_return clock::now() - at;
  };
  std::vector<future<duration>> all;
  for (int i = 0; i != 50; ++i) {
    all.push_back(s.submit(function));
    all.push_back(s.submit(coroutine));
  }
  for (auto& f : all) EXPECT_EQ(f.blocking_get(), 24h);
  EXPECT_EQ(s.now() - begin, 24h);
}

TEST(simulator, time_stands_while_anybody_can_go_on) {
  for (std::uint64_t seed = 1; seed != 50; ++seed) {
    simulator s({.seed = seed, .workers = 1});
    std::vector<int> order;
    auto const sleeps = [](std::vector<int>* to, int n) -> task<> {
      co_await sleep_for(1ns * n);
      to->push_back(n);
    };
    auto late = s.submit(sleeps, &order, 2), early = s.submit(sleeps, &order, 1);
    auto computes = s.submit([&order] {
      auto const at = clock::now();
      for (int i = 0; i != 100; ++i) seam::yield_thread();
      EXPECT_EQ(clock::now(), at);
      order.push_back(0);
    });
    late.blocking_get();
    early.blocking_get();
    computes.blocking_get();
    EXPECT_EQ(order, (std::vector{0, 1, 2})) << "seed " << seed;
  }
}

TEST(simulator, a_timeout_comes_in_virtual_time) {
  simulator s;
  auto const begin = s.now();
  auto const sleeps = []() -> task<> { co_await sleep_for(2h); };
  auto a = s.submit({.timeout = 1h}, sleeps);
  auto b = s.submit({.timeout = 1h}, [] { blocking_sleep_for(2h); });
  EXPECT_THROW(a.blocking_get(), timed_out);
  EXPECT_THROW(b.blocking_get(), timed_out);
  EXPECT_EQ(s.now() - begin, 1h);
}

TEST(simulator, drive_lets_the_time_pass_to_its_deadline) {
  simulator s;
  seam::atomic<bool> const no{false}, yes{true};
  auto const begin = s.now();
  auto f = s.submit([]() -> task<> { co_await sleep_for(5h); });
  s.drive(no, clock::now() + 3h);
  EXPECT_LE(s.now() - begin, 3h);
  EXPECT_GT(s.now() - begin, 2h);
  s.drive(yes, never);
  f.blocking_get();
  EXPECT_EQ(s.now() - begin, 5h);
}

TEST(simulator, a_stop_ends_what_sleeps_and_what_has_not_begun) {
  simulator s({.workers = 1});
  auto const begin = s.now();
  auto a = s.submit([]() -> task<> { co_await sleep_for(1h); });
  s.submit([] {}).blocking_get();
  a.stop();
  EXPECT_THROW(a.blocking_get(), stopped);
  EXPECT_EQ(s.now(), begin);
}
