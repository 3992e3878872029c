// SPDX-License-Identifier: Apache-2.0
// Comparing models on work whose result is known; the figures themselves are not asserted.
#include <algorithm>
#include <gtest/gtest.h>

#include <quartet/algo/map.hpp>
#include <quartet/jobs/compare/compare.hpp>

using namespace quartet;
using namespace quartet::jobs;

namespace {

int square(int x) { return x * x; }

std::size_t squares_of_ten(any_executor& on) {
  std::vector<int> const items(10, 3);
  std::size_t right = 0;
  for (int x : map(on, items, &square).blocking_get()) right += x == 9 ? 1 : 0;
  return right;
}

compare_row row(std::string model, double wall, double cpu, unsigned workers = 1) {
  compare_row r;
  r.model = std::move(model);
  r.workers = workers;
  r.wall = {wall, wall, wall};
  r.cpu = cpu;
  return r;
}

}  // namespace

TEST(compare, runs_every_model_as_often_as_asked_in_turn) {
  std::vector<std::string> order;
  auto const rows = compare({.rounds = 2, .workers = 2}, squares_of_ten,
                            [&](unsigned, unsigned of, std::string_view model) {
                              EXPECT_EQ(of, 8u);
                              order.emplace_back(model);
                            });
  std::vector<std::string> const round{"sync", "async", "threads", "processes"};
  ASSERT_EQ(order.size(), 8u);
  EXPECT_TRUE(std::equal(round.begin(), round.end(), order.begin()));
  EXPECT_TRUE(std::equal(round.begin(), round.end(), order.begin() + 4));
  ASSERT_EQ(rows.size(), 4u);
  for (compare_row const& r : rows) {
    EXPECT_EQ(r.runs, 2u);
    EXPECT_GT(r.wall.median, 0) << r.model;
    EXPECT_GT(r.peak_memory, 0u) << r.model;
  }
  EXPECT_EQ(rows[0].workers, 1u);
  EXPECT_EQ(rows[2].workers, 2u);
  EXPECT_DOUBLE_EQ(rows[0].speed_up, 1);
}

TEST(compare, refuses_to_compare_runs_that_did_different_work) {
  std::size_t n = 0;
  auto const changing = [&n](any_executor&) { return ++n; };
  EXPECT_THROW(compare({.models = {"sync"}, .rounds = 2}, changing), std::runtime_error);
}

TEST(compare, refuses_rounds_workers_and_models_that_make_no_sense) {
  EXPECT_THROW(compare({.rounds = 0}, squares_of_ten), std::invalid_argument);
  EXPECT_THROW(compare({.rounds = 1001}, squares_of_ten), std::invalid_argument);
  EXPECT_THROW(compare({.workers = 100'000}, squares_of_ten), std::invalid_argument);
  EXPECT_THROW(compare({.models = {"thread"}}, squares_of_ten), std::invalid_argument);
}

TEST(compare, a_stop_ends_it_before_the_next_run) {
  stop_source stop;
  compare_options const o{.models = {"sync"}, .rounds = 5, .stop = &stop};
  unsigned runs = 0;
  EXPECT_THROW(compare(o,
                       [&](any_executor&) {
                         ++runs;
                         stop.request();
                         return std::size_t{1};
                       }),
               stopped);
  EXPECT_EQ(runs, 1u);
}

TEST(compare, median_and_quartiles_are_interpolated) {
  spread const s = spread_of({4, 1, 2, 3});
  EXPECT_DOUBLE_EQ(s.median, 2.5);
  EXPECT_DOUBLE_EQ(s.q1, 1.75);
  EXPECT_DOUBLE_EQ(s.q3, 3.25);
  EXPECT_THROW(spread_of({}), std::invalid_argument);
}

TEST(advise, names_sync_where_nothing_is_worth_more) {
  EXPECT_EQ(advise({row("sync", 1.0, 1), row("threads", 0.95, 1)}).model, "sync");
}

TEST(advise, names_threads_for_work_that_computes) {
  auto const a = advise({row("sync", 2.0, 2), row("async", 2.0, 2), row("threads", 1.0, 2, 2),
                         row("processes", 1.05, 2, 2)});
  EXPECT_EQ(a.model, "threads");
  EXPECT_NE(a.reason.find("2.0 times"), std::string::npos) << a.reason;
  EXPECT_NE(a.reason.find("processes"), std::string::npos) << a.reason;
}

TEST(advise, names_async_for_work_that_waits) {
  EXPECT_EQ(advise({row("sync", 2.0, 0.1), row("async", 0.5, 0.1), row("threads", 0.5, 0.1)}).model,
            "async");
}

TEST(advise, wants_at_least_one_row) { EXPECT_THROW(advise({}), std::invalid_argument); }
