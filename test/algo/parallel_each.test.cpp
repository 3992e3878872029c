// SPDX-License-Identifier: Apache-2.0
// parallel_each: every item once, shared with whoever has nothing to do.
#include <atomic>
#include <gtest/gtest.h>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include <quartet/algo/parallel_each.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

std::vector<int> each_once(std::size_t n) {
  std::vector<int> ran(n);
  parallel_each(n, [&](std::size_t i) { ++ran[i]; });
  return ran;
}

/// A failure of item `i`, for whoever wants to know which one.
struct failure_of : std::runtime_error {
  explicit failure_of(std::size_t i) : runtime_error("item"), item(i) {}
  std::size_t item;
};

}  // namespace

TEST(parallel_each, runs_every_item_once_on_a_pool_and_elsewhere) {
  thread_pool pool{{.workers = 3}};
  event_loop loop;
  for (std::size_t n : {0U, 1U, 2U, 7U, 16U, 17U, 100U, 511U, 512U, 100'000U}) {
    std::vector<int> const once(n, 1);
    EXPECT_EQ(each_once(n), once) << n;
    EXPECT_EQ(loop.submit(each_once, n).blocking_get(), once) << n;
    for (int again = 0; again != 20; ++again)
      EXPECT_EQ(pool.submit(each_once, n).blocking_get(), once) << n;
  }
}

// The first item waits for the last, which somebody else must have begun meanwhile.
TEST(parallel_each, items_run_side_by_side_however_few_they_are) {
  thread_pool pool{{.workers = 2}};
  for (std::size_t n : {2U, 3U, 16U, 17U, 511U}) {
    std::atomic<bool> last_ran{false};
    auto const item = [&](std::size_t i) {
      if (i + 1 == n) last_ran = true;
      while (i == 0 && !last_ran) std::this_thread::yield();
    };
    pool.submit([&] { parallel_each(n, item); }).blocking_get();
    EXPECT_TRUE(last_ran);
  }
}

// Of many items the first is run alone; they are given away once they turn out to be long.
TEST(parallel_each, many_long_items_are_given_away_after_the_first) {
  constexpr std::size_t n = 5000;
  thread_pool pool{{.workers = 2}};
  std::atomic<bool> last_ran{false};
  auto const item = [&](std::size_t i) {
    auto const end = clock::now() + (i == 0 ? duration(1ms) : duration(0));
    while (clock::now() < end || (i == 0 && !current_execution()->is_asked_for_work()))
      std::this_thread::yield();
    if (i + 1 == n) last_ran = true;
    while (i == 1 && !last_ran) std::this_thread::yield();
  };
  pool.submit([&] { parallel_each(n, item); }).blocking_get();
  EXPECT_TRUE(last_ran);
}

TEST(parallel_each, the_first_failure_in_order_is_thrown_and_ends_the_loop) {
  thread_pool pool{{.workers = 3}};
  for (std::size_t n : {9U, 100U, 10'000U})
    for (int again = 0; again != 50; ++again) {
      std::atomic<std::size_t> ran{0};
      auto const item = [&](std::size_t i) {
        ++ran;
        if (i == n / 3 || i == n / 2) throw failure_of(i);
      };
      auto const loop = [&]() -> std::size_t {
        try {
          parallel_each(n, item);
        } catch (failure_of const& f) {
          return f.item;
        }
        return n;
      };
      EXPECT_EQ(loop(), n / 3);
      EXPECT_EQ(ran, n / 3 + 1);
      ran = 0;
      EXPECT_EQ(pool.submit(loop).blocking_get(), n / 3);
      EXPECT_GT(ran, n / 3);
    }
}

TEST(parallel_each, loops_nest) {
  thread_pool pool{{.workers = 3}};
  constexpr std::size_t rows = 40;
  std::vector<std::vector<int>> ran(rows, std::vector<int>(300));
  auto const row = [&](std::size_t y) {
    parallel_each(ran[y].size(), [&](std::size_t x) { ++ran[y][x]; });
  };
  pool.submit([&] { parallel_each(rows, row); }).blocking_get();
  EXPECT_EQ(ran, std::vector<std::vector<int>>(rows, std::vector<int>(300, 1)));
}

TEST(parallel_each, takes_a_callable_that_cannot_be_copied) {
  thread_pool pool{{.workers = 2}};
  auto const run = [] {
    auto total = std::make_unique<std::atomic<std::size_t>>(0);
    auto* const sum = total.get();
    parallel_each(1000, [total = std::move(total)](std::size_t i) { *total += i; });
    return sum == nullptr;
  };
  EXPECT_FALSE(pool.submit(run).blocking_get());
}
