// SPDX-License-Identifier: Apache-2.0
// Small bugs, both ways. What real threads show is a matter of luck, and not asserted but where a
// body always does it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <quartet/jobs/races/races.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/test/explore.hpp>

#include "bugs.hpp"
#include "search.hpp"
#include "stress.hpp"

using namespace quartet;
using namespace quartet::jobs;

namespace {

constexpr duration short_time = std::chrono::milliseconds(20);

void well() {}
void always_wrong() { check(false, "this holds"); }
void always_hangs() {
  seam::mutex m;
  m.lock();
  m.lock();
}

}  // namespace

TEST(races, each_bug_is_run_both_ways_and_told_when_it_is_there) {
  std::vector<std::string> told;
  auto const rows = measure_races({.stress = short_time, .trials = 10},
                                  [&](race_row const& r) { told.push_back(r.bug); });
  ASSERT_EQ(rows.size(), races::all_bugs().size());
  ASSERT_EQ(told.size(), rows.size());
  for (std::size_t i = 0; i != rows.size(); ++i) {
    EXPECT_EQ(rows[i].bug, races::all_bugs()[i].name);
    EXPECT_EQ(told[i], rows[i].bug);
    EXPECT_GE(rows[i].stress.runs, 1u) << told[i];
    EXPECT_EQ(rows[i].search.found, 10u) << told[i];
    EXPECT_GE(rows[i].search.schedules, 1) << told[i];
    EXPECT_LE(rows[i].search.schedules, 1'000) << told[i];
    EXPECT_GT(rows[i].search.seconds, 0) << told[i];
  }
}

TEST(races, what_shows_is_the_mistake_that_was_made) {
  for (races::bug const& b : races::all_bugs()) {
    explore_report const r = explore({.minimise = false}, b.body);
    ASSERT_TRUE(r.failure) << b.name;
    EXPECT_EQ(r.failure->kind, b.body == races::two_locks ? "deadlock" : "a check failed")
        << b.name << r.failure->what;
  }
}

TEST(races, real_runs_without_a_failure_are_counted) {
  stress_figures const f = races::stress(well, short_time);
  EXPECT_GE(f.runs, 1u);
  EXPECT_EQ(f.failures, 0u);
  EXPECT_EQ(f.first, 0u);
}

TEST(races, a_check_that_fails_in_a_real_run_is_counted_and_ends_nobody_else) {
  stress_figures const f = races::stress(always_wrong, short_time);
  EXPECT_GE(f.failures, 1u);
  EXPECT_EQ(f.runs, f.failures);
  EXPECT_EQ(f.first, 1u);
}

TEST(races, a_real_run_that_hangs_is_ended_and_counted) {
  stress_figures const f = races::stress(always_hangs, std::chrono::nanoseconds(1));
  EXPECT_EQ(f.runs, 1u);
  EXPECT_EQ(f.failures, 1u);
  EXPECT_EQ(f.first, 1u);
}

TEST(races, a_process_that_ends_otherwise_is_an_error_and_no_failure) {
  EXPECT_THROW(races::stress([] { throw 1; }, short_time), std::runtime_error);
  EXPECT_THROW(races::stress([] { _exit(3); }, short_time), std::runtime_error);
  EXPECT_THROW(races::search([] { _exit(3); }, 1, 10), std::runtime_error);
}

TEST(races, no_trials_at_all_are_refused) {
  EXPECT_THROW(measure_races({.stress = short_time, .trials = 0}), std::invalid_argument);
}

TEST(races, a_trial_that_finds_nothing_counts_with_all_that_it_tried) {
  search_figures const f = races::search(well, 3, 20);
  EXPECT_EQ(f.trials, 3u);
  EXPECT_EQ(f.found, 0u);
  EXPECT_EQ(f.schedules, 20);
}
