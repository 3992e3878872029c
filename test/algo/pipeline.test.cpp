// SPDX-License-Identifier: Apache-2.0
// pipeline: order, how many are under way, what a failure or a stop leaves undone.
#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <quartet/algo/pipeline.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

std::vector<int> up_to(int n) {
  std::vector<int> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

/// Gives 0, 1, … below n.
struct counter {
  int n;
  int at = 0;
  std::optional<int> operator()() { return at == n ? std::nullopt : std::optional(at++); }
};

/// Longer for the first ones, so that later items overtake them.
task<int> slower_at_first(int x) {
  co_await sleep_for((20 - x % 20) * 1ms);
  co_return x;
}

struct counting : observer {
  void on_added(std::size_t n) noexcept override { added += n; }
  void on_ended(ending how) noexcept override { ++(how == ending::value ? good : bad); }
  std::size_t added = 0, good = 0, bad = 0;
};

}  // namespace

TEST(pipeline, gives_what_the_last_stage_gives_in_the_order_of_the_source) {
  thread_pool pool({.workers = 3});
  auto const twice = [](int x) { return 2 * x; };
  auto const text = [](int x) { return std::to_string(x); };
  auto const all = pipeline(pool, up_to(500), twice, text).blocking_get();
  ASSERT_EQ(all.size(), 500u);
  for (std::size_t i = 0; i != all.size(); ++i) EXPECT_EQ(all[i], std::to_string(2 * i));
}

TEST(pipeline, a_stage_in_order_meets_the_items_in_order_though_they_overtake_each_other) {
  manual_executor e;
  std::vector<int> before, seen;
  auto const note = [&before](int x) {
    before.push_back(x);
    return x;
  };
  pipeline(e, {.in_flight = 7}, counter{100}, slower_at_first, note,
           in_order([&seen](int x) { seen.push_back(x); }))
      .blocking_get();
  EXPECT_EQ(seen, up_to(100));
  EXPECT_NE(before, up_to(100)) << "nobody was overtaken: this tests nothing";
}

TEST(pipeline, no_more_items_are_under_way_than_the_options_allow) {
  manual_executor e;
  int now = 0, most = 0;
  auto const enter = [&](int x) {
    most = std::max(most, ++now);
    return x;
  };
  auto const nap = [](int x) -> task<int> {
    co_await sleep_for(1s);
    co_return x;
  };
  auto const leave = [&](int) { --now; };
  time_point const begun = e.now();
  pipeline(e, {.in_flight = 4}, counter{12}, enter, nap, leave).blocking_get();
  EXPECT_EQ(most, 4);
  EXPECT_EQ(e.now() - begun, 3s);
}

TEST(pipeline, a_stage_one_at_a_time_has_one_item_at_a_time) {
  thread_pool pool({.workers = 3});
  int plain = 0;  // not protected by anything else
  pipeline(pool, {.in_flight = 8}, counter{2000}, one_at_a_time([&plain](int) { ++plain; }))
      .blocking_get();
  EXPECT_EQ(plain, 2000);
}

TEST(pipeline, the_source_may_be_a_coroutine_function_that_waits) {
  event_loop loop;
  int left = 3;
  auto const source = [&left]() -> task<std::optional<std::string>> {
    co_await yield();
    if (left == 0) co_return std::nullopt;
    co_return std::string(static_cast<std::size_t>(left--), '*');
  };
  auto const sizes = pipeline(loop, source, [](std::string s) { return s.size(); }).blocking_get();
  EXPECT_EQ(sizes, (std::vector<std::size_t>{3, 2, 1}));
}

TEST(pipeline, takes_items_that_can_only_be_moved_out_of_a_range_that_it_owns) {
  manual_executor e;
  std::vector<std::unique_ptr<int>> items;
  for (int i = 0; i != 5; ++i) items.push_back(std::make_unique<int>(i));
  auto const more = [](std::unique_ptr<int> p) {
    ++*p;
    return p;
  };
  auto const back = pipeline(e, std::move(items), more, in_order(more)).blocking_get();
  ASSERT_EQ(back.size(), 5u);
  EXPECT_EQ(*back[4], 6);
}

TEST(pipeline, leaves_a_borrowed_range_as_it_is) {
  manual_executor e;
  std::vector<std::string> const items{"a", "b"};
  EXPECT_EQ(pipeline(e, items, [](std::string s) { return s + "!"; }).blocking_get(),
            (std::vector<std::string>{"a!", "b!"}));
  EXPECT_EQ(items[0], "a");
}

TEST(pipeline, of_nothing_calls_no_stage) {
  manual_executor e;
  bool called = false;
  pipeline(e, std::vector<int>{}, [&called](int) { called = true; }).blocking_get();
  EXPECT_FALSE(called);
}

TEST(pipeline, a_failure_is_thrown_and_nothing_after_it_happens_in_order) {
  manual_executor e;
  std::vector<int> written;
  int taken = 0;
  auto const source = [&taken]() -> std::optional<int> { return taken++; };  // without an end
  auto const fails = [](int x) -> task<int> {
    co_await sleep_for((10 - x % 10) * 1ms);
    if (x == 25) throw std::out_of_range("25");
    co_return x;
  };
  auto b = pipeline(e, {.in_flight = 6}, source, fails,
                    in_order([&written](int x) { written.push_back(x); }));
  EXPECT_THROW(b.blocking_get(), std::out_of_range);
  EXPECT_LE(written.size(), 25u);
  EXPECT_EQ(written, up_to(static_cast<int>(written.size())));
  EXPECT_LT(taken, 40);
}

TEST(pipeline, what_the_source_throws_ends_it) {
  thread_pool pool({.workers = 2});
  int n = 0;
  auto const source = [&n]() -> std::optional<int> {
    if (++n == 10) throw std::domain_error("ten");
    return n;
  };
  auto b = pipeline(pool, source, [](int) {});
  EXPECT_THROW(b.blocking_get(), std::domain_error);
}

TEST(pipeline, a_stop_ends_one_whose_source_never_does) {
  manual_executor e;
  stop_source stop;
  int seen = 0;
  auto const forever = []() -> task<std::optional<int>> {
    co_await sleep_for(1s);
    co_return 1;
  };
  auto const stop_later = [&](int) {
    if (++seen == 5) stop.request();
  };
  auto b = pipeline(e, {.stop = &stop}, forever, stop_later);
  EXPECT_THROW(b.blocking_get(), stopped);
  EXPECT_EQ(seen, 5);
}

TEST(pipeline, dropped_unawaited_it_is_stopped_and_outwaited) {
  thread_pool pool({.workers = 2});
  std::vector<int> const items = up_to(1000);
  seam::atomic<int> inside{0};
  {
    auto const dropped = pipeline(pool, items, [&inside](int) {
      inside.fetch_add(1, seam::relaxed);
      inside.fetch_sub(1, seam::relaxed);
    });
  }
  EXPECT_EQ(inside.load(seam::relaxed), 0);
}

TEST(pipeline, runs_inline_one_item_after_the_other) {
  inline_executor here;
  std::string trace;
  auto const first = [&trace](int x) {
    trace += 'a';
    return x;
  };
  pipeline(here, up_to(3), first, in_order([&trace](int) { trace += 'b'; })).blocking_get();
  EXPECT_EQ(trace, "ababab");
}

TEST(pipeline, an_observer_hears_of_every_item) {
  manual_executor e;
  counting seen;
  auto b = pipeline(e, {.in_flight = 1, .progress = &seen}, counter{8}, [](int x) {
    if (x == 7) throw std::runtime_error("seven");
  });
  EXPECT_THROW(b.blocking_get(), std::runtime_error);
  EXPECT_EQ(seen.added, 8u);
  EXPECT_EQ(seen.good, 7u);
  EXPECT_EQ(seen.bad, 1u);
}

TEST(pipeline, stages_may_wait_for_other_executors) {
  thread_pool pool({.workers = 2});
  event_loop loop;
  auto const squared = [&pool](int x) -> task<int> {
    auto const square = [](int y) { return y * y; };
    co_return co_await pool.submit(square, x);
  };
  auto const all = pipeline(loop, up_to(30), squared).blocking_get();
  ASSERT_EQ(all.size(), 30u);
  EXPECT_EQ(all[29], 29 * 29);
}
