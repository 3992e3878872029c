// SPDX-License-Identifier: Apache-2.0
// The handle of a bulk call: which failure it throws, what it does when it is dropped.
#include <gtest/gtest.h>

#include <quartet/algo/map.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

/// Fails after as many seconds as its number.
task<int> fails_after(int seconds) {
  co_await sleep_for(std::chrono::seconds(seconds));
  throw seconds;
}

task<int> fails_even_if_stopped(int x) {
  try {
    co_await sleep_for(std::chrono::seconds(x));
  } catch (stopped const&) {
  }
  throw x;
}

}  // namespace

TEST(batch, the_stop_of_the_others_does_not_hide_the_failure) {
  manual_executor e;
  std::vector<int> const items{9, 2, 5};
  auto b = map(e, items, fails_after);
  EXPECT_THROW(
      {
        try {
          b.blocking_get();
        } catch (int which) {
          EXPECT_EQ(which, 2);
          throw;
        }
      },
      int);
}

TEST(batch, of_several_failures_the_one_with_the_lowest_index_is_thrown) {
  manual_executor e;
  std::vector<int> const items{9, 2, 5};
  auto b = map(e, items, fails_even_if_stopped);
  try {
    b.blocking_get();
    FAIL() << "nothing was thrown";
  } catch (int which) {
    EXPECT_EQ(which, 9);
  }
}

TEST(batch, done_and_stop_say_what_they_do) {
  manual_executor e;
  std::vector<int> const items{1};
  auto b = map(e, items, fails_after);
  EXPECT_FALSE(b.done());
  b.stop();
  e.run_until_idle();
  EXPECT_TRUE(b.done());
  EXPECT_THROW(b.blocking_get(), stopped);
}

TEST(batch, a_stopped_task_outlives_the_items_it_awaits) {
  manual_executor e;
  int ended = 0;
  auto const item = [](int* n) -> task<> {
    try {
      co_await sleep_for(1h);
    } catch (stopped const&) {
      ++*n;
      throw;
    }
  };
  auto const outer = [&](manual_executor* on) -> task<> {
    std::vector<int*> const items(4, &ended);
    co_await for_each(*on, items, item);
  };
  auto f = e.submit(outer, &e);
  e.run_until_idle();
  f.stop();
  EXPECT_THROW(f.blocking_get(), stopped);
  EXPECT_EQ(ended, 4);
}

TEST(batch, dropped_on_a_pool_it_blocks_until_no_item_uses_the_borrowed_range) {
  thread_pool pool({.workers = 2});
  for (int round = 0; round < 50; ++round) {
    std::vector<int> items(100, 1);
    auto b = for_each(pool, items, [](int& x) { x = 2; });
  }
  SUCCEED();  // the address sanitizer sees an item touched after its range is gone
}
