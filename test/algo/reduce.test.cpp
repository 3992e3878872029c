// SPDX-License-Identifier: Apache-2.0
// reduce: order, bits that depend on nothing but the items, errors, stop, what it refuses.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>

#include <quartet/algo/reduce.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/latch.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

/// Doubles of very different size: their sum depends on the order of the additions.
std::vector<double> uneven_doubles(std::size_t n) {
  std::vector<double> all(n);
  for (std::size_t i = 0; i != n; ++i)
    all[i] = std::ldexp(1.0 + static_cast<double>(i % 97) / 97, static_cast<int>(i * 7 % 60));
  return all;
}

std::vector<int> up_to(int n) {
  std::vector<int> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

struct counting : observer {
  void on_added(std::size_t n) noexcept override { added += n; }
  void on_ended(ending how) noexcept override { ++(how == ending::value ? good : bad); }
  std::size_t added = 0, good = 0, bad = 0;
};

auto const joined = [](std::string a, std::string const& b) {
  a += b;
  return a;
};
auto const as_text = [](int x) { return std::to_string(x) + ' '; };

}  // namespace

TEST(reduce, adds_up_the_items) {
  manual_executor e;
  EXPECT_EQ(reduce(e, up_to(10'000), 5L).blocking_get(), 49'995'005L);
}

TEST(reduce, keeps_the_order_of_the_items_so_that_the_operation_need_not_commute) {
  for (int n : {0, 1, 2, 3, 1023, 1024, 1025, 2049, 5000}) {
    std::vector<int> const items = up_to(n);
    std::string expected = "> ";
    for (int x : items) expected += as_text(x);
    thread_pool pool({.workers = 2});
    EXPECT_EQ(reduce(pool, items, std::string("> "), joined, as_text).blocking_get(), expected)
        << n;
  }
}

TEST(reduce, of_nothing_is_what_it_begins_with) {
  manual_executor e;
  auto none = reduce(e, std::vector<int>{}, 7);
  EXPECT_TRUE(none.done());
  EXPECT_EQ(none.blocking_get(), 7);
}

TEST(reduce, gives_the_same_bits_whoever_computes_it) {
  auto const items = uneven_doubles(12'345);
  inline_executor alone;
  double const expected = reduce(alone, items, 0.0).blocking_get();
  ASSERT_NE(expected, std::accumulate(items.begin(), items.end(), 0.0))
      << "items whose sum does not depend on the order test nothing";
  for (unsigned workers : {1u, 2u, 3u, 7u})
    for (int again = 0; again != 20; ++again) {
      thread_pool pool({.workers = workers});
      EXPECT_EQ(reduce(pool, items, 0.0).blocking_get(), expected) << workers;
    }
}

TEST(reduce, with_a_chunk_of_all_items_is_a_fold_from_the_left) {
  auto const items = uneven_doubles(1000);
  thread_pool pool({.workers = 2});
  EXPECT_EQ(reduce(pool, items, 0.0, {}, {}, {.chunk = items.size()}).blocking_get(),
            std::accumulate(items.begin(), items.end(), 0.0));
}

TEST(reduce, takes_coroutine_functions_that_wait_at_the_same_time) {
  manual_executor e;
  auto const later = [](int x) -> task<int> {
    co_await sleep_for(1s);
    co_return 2 * x;
  };
  time_point const before = e.now();
  EXPECT_EQ(reduce(e, up_to(3000), 0, {}, later).blocking_get(), 2999 * 3000);
  EXPECT_EQ(e.now() - before, 1s);
}

TEST(reduce, coroutine_functions_of_one_chunk_wait_one_after_the_other) {
  manual_executor e;
  auto const later = [](int x) -> task<int> {
    co_await sleep_for(1s);
    co_return x;
  };
  time_point const before = e.now();
  EXPECT_EQ(reduce(e, up_to(6), 0, {}, later, {.chunk = 3}).blocking_get(), 15);
  EXPECT_EQ(e.now() - before, 3s);
}

TEST(reduce, joins_values_that_can_only_be_moved) {
  using box = std::unique_ptr<int>;
  thread_pool pool({.workers = 2});
  box const sum = reduce(
                      pool, up_to(5000), std::make_unique<int>(1),
                      [](box a, box b) {
                        *a += *b;
                        return a;
                      },
                      [](int x) { return std::make_unique<int>(x); })
                      .blocking_get();
  EXPECT_EQ(*sum, 12'497'501);
}

TEST(reduce, moves_the_items_of_a_range_that_it_owns) {
  manual_executor e;
  std::vector<std::unique_ptr<int>> items;
  for (int i = 0; i != 2000; ++i) items.push_back(std::make_unique<int>(i));
  auto sum = reduce(e, std::move(items), 0, {}, [](std::unique_ptr<int> p) { return *p; });
  EXPECT_EQ(sum.blocking_get(), 1'999'000);
}

TEST(reduce, the_first_failure_is_thrown_and_stops_the_rest) {
  manual_executor e;
  int ran = 0;
  auto b = reduce(e, up_to(1000), 0, {}, [&ran](int x) {
    if (++ran == 3) throw std::out_of_range("three");
    return x;
  });
  EXPECT_THROW(b.blocking_get(), std::out_of_range);
  EXPECT_EQ(ran, 3);
}

TEST(reduce, what_the_operation_throws_is_a_failure_wherever_it_joins) {
  thread_pool pool({.workers = 2});
  for (int at : {1, 700, 1500, 1999}) {  // within a block, between two
    auto const op = [at](int a, int b) {
      if (a == at || b == at) throw std::domain_error("met");
      return std::max(a, b);
    };
    EXPECT_THROW(static_cast<void>(reduce(pool, up_to(2000), -1, op).blocking_get()),
                 std::domain_error)
        << at;
  }
}

TEST(reduce, a_stop_ends_a_block_that_is_being_computed) {
  thread_pool pool({.workers = 1});
  stop_source stop;
  int ran = 0;
  auto b = reduce(pool, up_to(1'000'000), 0L, {},
                  [&](int x) {
                    if (++ran == 10) stop.request();
                    return x;
                  },
                  {.chunk = 1'000'000, .stop = &stop});
  EXPECT_THROW(static_cast<void>(b.blocking_get()), stopped);
  EXPECT_LT(ran, 300);
}

TEST(reduce, failed_items_are_tried_again_and_late_ones_time_out_one_by_one) {
  manual_executor e;
  int tries = 0;
  auto const second_time = [&tries](int x) {
    if (++tries % 2 == 1) throw std::runtime_error("not yet");
    return x;
  };
  EXPECT_EQ(reduce(e, up_to(2000), 0, {}, second_time, {.retries = 1}).blocking_get(), 1'999'000);
  EXPECT_EQ(tries, 4000);
  auto const nap = [](duration d) -> task<int> {
    co_await sleep_for(d);
    co_return 1;
  };
  std::vector<duration> const naps{1s, 1s, 1s};
  EXPECT_EQ(reduce(e, naps, 0, {}, nap, {.timeout = 2s}).blocking_get(), 3);
  EXPECT_THROW(
      static_cast<void>(
          reduce(e, std::vector<duration>{1s, 9s}, 0, {}, nap, {.timeout = 2s}).blocking_get()),
      timed_out);
}

TEST(reduce, an_observer_hears_of_items_not_of_blocks) {
  manual_executor e;
  counting seen;
  EXPECT_EQ(reduce(e, up_to(5000), 0L, {}, {}, {.progress = &seen}).blocking_get(), 12'497'500);
  EXPECT_EQ(seen.added, 5000u);
  EXPECT_EQ(seen.good, 5000u);
  EXPECT_EQ(seen.bad, 0u);
}

TEST(reduce, can_be_awaited) {
  event_loop loop;
  int const sum = loop.run([&loop]() -> task<int> {
    std::vector<int> const items = up_to(100);
    co_return co_await reduce(loop, items, 0);
  });
  EXPECT_EQ(sum, 4950);
}

TEST(reduce, dropped_unawaited_waits_until_its_items_have_ended) {
  thread_pool pool({.workers = 2});
  latch begun(1);
  seam::atomic<int> inside{0};
  {
    auto const b = reduce(pool, up_to(64), 0, {}, [&](int x) {
      inside.fetch_add(1, seam::relaxed);
      begun.count_down(x == 0 ? 1 : 0);
      inside.fetch_sub(1, seam::relaxed);
      return x;
    });
    begun.blocking_wait();
  }
  EXPECT_EQ(inside.load(seam::relaxed), 0);
}
