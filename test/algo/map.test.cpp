// SPDX-License-Identifier: Apache-2.0
// map and for_each on an executor driven by hand: order, errors, stop, ownership.
#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include <quartet/algo/map.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "support/failing_allocation.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

task<int> twice_later(int x) {
  co_await yield();
  co_return 2 * x;
}

struct counting : observer {
  void on_added(std::size_t n) noexcept override { added += n; }
  void on_ended(ending how) noexcept override { ++(how == ending::value ? good : bad); }
  std::size_t added = 0, good = 0, bad = 0;
};

/// Counts how many are inside at once.
struct crowd {
  int now = 0, most = 0;
  task<> visit() {
    most = std::max(most, ++now);
    co_await sleep_for(1s);
    --now;
  }
};

}  // namespace

TEST(map, results_stand_in_the_order_of_the_items) {
  manual_executor e;
  std::vector<int> const items{3, 1, 2};
  auto squares = map(e, items, [](int x) { return x * x; });
  EXPECT_EQ(squares.blocking_get(), (std::vector{9, 1, 4}));
}

TEST(map, coroutine_functions_give_their_results_likewise) {
  manual_executor e;
  std::vector<int> const items{3, 1, 2};
  EXPECT_EQ(map(e, items, twice_later).blocking_get(), (std::vector{6, 2, 4}));
}

TEST(map, an_empty_range_gives_an_empty_result_at_once) {
  manual_executor e;
  auto none = map(e, std::vector<int>{}, twice_later);
  EXPECT_TRUE(none.done());
  EXPECT_TRUE(none.blocking_get().empty());
}

TEST(map, an_lvalue_range_is_borrowed_and_its_items_may_be_changed) {
  manual_executor e;
  std::vector<std::string> words{"a", "b"};
  for_each(e, words, [](std::string& w) { w += "!"; }).blocking_get();
  EXPECT_EQ(words, (std::vector<std::string>{"a!", "b!"}));
}

TEST(map, move_only_items_of_an_owned_range_are_moved_into_the_function_and_back) {
  manual_executor e;
  std::vector<std::unique_ptr<int>> items;
  items.push_back(std::make_unique<int>(7));
  auto back = map(e, std::move(items), [](std::unique_ptr<int> p) { return p; }).blocking_get();
  EXPECT_EQ(*back.at(0), 7);
}

TEST(map, the_first_failure_is_thrown_with_its_own_type_and_stops_the_rest) {
  manual_executor e;
  std::vector<int> const items{1, 2, 3, 4};
  int ran = 0;
  auto b = map(e, items, [&ran](int x) {
    ++ran;
    if (x == 2) throw std::out_of_range("two");
    return x;
  });
  EXPECT_THROW(b.blocking_get(), std::out_of_range);
  EXPECT_EQ(ran, 2);
}

TEST(map, a_failed_item_is_tried_again_as_often_as_the_options_say) {
  manual_executor e;
  std::vector<int> const items{1};
  int tries = 0;
  auto const third_time = [&tries](int x) {
    if (++tries < 3) throw std::runtime_error("not yet");
    return x;
  };
  EXPECT_EQ(map(e, items, third_time, {.retries = 2}).blocking_get(), std::vector{1});
  tries = 0;
  EXPECT_THROW(map(e, items, third_time, {.retries = 1}).blocking_get(), std::runtime_error);
}

TEST(map, no_more_coroutines_run_at_once_than_the_options_allow) {
  manual_executor e;
  crowd c;
  std::vector<crowd*> const items(10, &c);
  for_each(e, items, [](crowd* x) { return x->visit(); }, {.workers = 3}).blocking_get();
  EXPECT_EQ(c.most, 3);
}

TEST(map, an_item_that_takes_too_long_times_out) {
  manual_executor e;
  std::vector<duration> const naps{1s, 10s};
  auto const nap = [](duration d) -> task<> { co_await sleep_for(d); };
  EXPECT_THROW(for_each(e, naps, nap, {.timeout = 5s}).blocking_get(), timed_out);
}

TEST(map, an_observer_hears_of_every_item) {
  manual_executor e;
  counting seen;
  std::vector<int> const items{1, 2, 3};
  map(e, items, twice_later, {.progress = &seen}).blocking_get();
  EXPECT_EQ(seen.added, 3u);
  EXPECT_EQ(seen.good, 3u);
  EXPECT_EQ(seen.bad, 0u);
}

TEST(map, a_stop_source_in_the_options_stops_the_whole) {
  manual_executor e;
  stop_source stop;
  std::vector<int> const items{1, 2};
  auto b = map(e, items, twice_later, {.stop = &stop});
  stop.request();
  EXPECT_THROW(b.blocking_get(), stopped);
}

TEST(map, a_batch_that_is_dropped_waits_until_its_items_have_ended) {
  manual_executor e;
  int ended = 0;
  std::vector<int*> const items(3, &ended);
  {
    auto const stay = [](int* n) -> task<> {
      try {
        co_await sleep_for(1h);
      } catch (stopped const&) {
        ++*n;
        throw;
      }
    };
    auto b = for_each(e, items, stay);
    e.run_until_idle();
  }
  EXPECT_EQ(ended, 3);
}

TEST(map, inside_a_task_it_is_awaited) {
  manual_executor e;
  auto const sum = [](manual_executor* on) -> task<int> {
    std::vector<int> const items{1, 2, 3};
    int total = 0;
    for (int x : co_await map(*on, items, twice_later)) total += x;
    co_return total;
  };
  EXPECT_EQ(e.submit(sum, &e).blocking_get(), 12);
}

TEST(map, items_that_find_no_memory_to_begin_fail_and_no_more) {
  if (!test::allocations_can_fail) GTEST_SKIP() << "needs an allocator without thread sanitizer";
  manual_executor e;
  std::vector<int> const items{1, 2, 3};
  for (unsigned const limit : {0U, 2U}) {
    auto b = map(e, items, twice_later, {.workers = limit});
    test::failing_allocation const frame;
    EXPECT_THROW(b.blocking_get(), std::bad_alloc);
    EXPECT_TRUE(frame.happened());
  }
  auto b = map(e, items, [](int x) { return x; }, {.timeout = 1h});
  test::failing_allocation const scope;
  EXPECT_THROW(b.blocking_get(), std::bad_alloc);
  EXPECT_TRUE(scope.happened());
}

TEST(map, a_result_whose_move_throws_is_a_failure) {
  struct stays {
    stays() = default;
    stays(stays&& o) : moves(o.moves + 1) {
      if (moves > 1) throw std::runtime_error("moved twice");
    }
    stays& operator=(stays&&) { throw std::runtime_error("assigned"); }
    int moves = 0;
  };
  manual_executor e;
  std::vector<int> const items{1, 2, 3};
  EXPECT_THROW(map(e, items, [](int) { return stays(); }).blocking_get(), std::runtime_error);
}

// The caller may destroy what they refer to as soon as the batch has ended.
TEST(map, callable_and_items_are_gone_when_the_end_is_told) {
  thread_pool pool({.workers = 2});
  for (int round = 0; round != 3000; ++round) {
    auto const alive = std::make_shared<int>(0);
    for_each(pool, std::vector{alive, alive}, [alive](auto const&) {}).blocking_get();
    ASSERT_EQ(alive.use_count(), 1) << "round " << round;
  }
}
