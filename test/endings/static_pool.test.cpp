// SPDX-License-Identifier: Apache-2.0
// A pool at namespace scope works before main and outlives it; how else pools end. A program of its
// own, so that its threads are in no other test.
#include <atomic>
#include <cstdlib>
#include <gtest/gtest.h>
#include <optional>
#include <unistd.h>
#include <vector>

#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

namespace quartet {
namespace {

constexpr int none = -1, all_ran = 7, some_did_not = 8;

/// Dies after the pool: says with the program's exit status whether so many calls have run.
struct last_word {
  ~last_word() {
    if (expected != none) _exit(ran == expected ? all_ran : some_did_not);
  }
  int expected = none;
  std::atomic<int> ran{0};
};

last_word at_the_end;
std::vector<future<void>> kept;  // dies after the pool: a future dropped first would stop its call
thread_pool early({.workers = 2});
int const answer = early.submit([](int a, int b) { return a * b; }, 6, 7).blocking_get();

TEST(static_pool, answers_before_main_and_after) {
  EXPECT_EQ(answer, 42);
  EXPECT_EQ(early.submit([] { return 43; }).blocking_get(), 43);
}

/// The programs that end here have threads: they are started anew, not forked.
struct ending_programs : testing::Test {
  ending_programs() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(ending_programs, finish_what_a_static_pool_has_begun) {
  EXPECT_EXIT(
      {
        at_the_end.expected = 100;
        for (int i = 0; i != 100; ++i) kept.push_back(early.submit([] { ++at_the_end.ran; }));
        std::exit(0);
      },
      testing::ExitedWithCode(all_ran), "");
}

TEST_F(ending_programs, say_that_a_call_destroys_its_own_pool) {
  EXPECT_DEATH(
      {
        std::optional<thread_pool> pool(std::in_place, pool_options{.workers = 2});
        pool->submit([&] { pool.reset(); }).blocking_get();
      },
      "a call of the pool destroys it");
}

TEST_F(ending_programs, say_that_a_coroutine_does) {
  EXPECT_DEATH(
      {
        std::optional<thread_pool> pool(std::in_place, pool_options{.workers = 1});
        auto const run = [&]() -> task<> {
          co_await yield();
          pool.reset();
        };
        pool->submit(run).blocking_get();
      },
      "a call of the pool destroys it");
}

TEST_F(ending_programs, say_that_a_call_of_a_static_pool_exits) {
  EXPECT_DEATH(early.submit([] { std::exit(0); }).blocking_get(), "a call of the pool destroys it");
}

// One that is never used starts nothing: this would take a minute otherwise.
TEST(endings, a_hundred_thousand_pools_come_and_go_unused) {
  for (int i = 0; i != 100'000; ++i) thread_pool pool({.workers = 8});
}

}  // namespace
}  // namespace quartet
