// SPDX-License-Identifier: Apache-2.0
// Options that nobody can mean are refused in words.
#include <functional>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

#include <quartet/test/against_sync.hpp>
#include <quartet/test/explore.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

void nothing() {}

std::string refusal_of(std::function<void()> const& f) {
  try {
    f();
  } catch (std::invalid_argument const& e) {
    return e.what();
  }
  return "it was taken";
}

void expect_refused(explore_options const& o, std::string const& words) {
  std::string const said = refusal_of([&] { static_cast<void>(explore(o, nothing)); });
  EXPECT_TRUE(said.starts_with("explore: " + words)) << said;
  EXPECT_EQ(refusal_of([&] { static_cast<void>(replay("8f2a91c04417aa02", nothing, o)); }), said);
  EXPECT_EQ(
      refusal_of([&] { static_cast<void>(explore_against_sync(o, [](auto&) { return 1; })); }),
      said);
}

}  // namespace

TEST(asked, a_percentage_is_at_most_100) {
  expect_refused({.faults_percent = 101},
                 "faults_percent = 101 is no percentage; give 0 for never to 100 for always");
  expect_refused({.memory_faults_percent = 1000}, "memory_faults_percent = 1000 is no percentage");
  unsigned const below_zero = 0U - 1U;
  expect_refused({.slow_percent = below_zero}, "slow_percent = 4294967295 is no percentage");
}

TEST(asked, each_percentage_up_to_100_is_taken) {
  for (unsigned const percent : {0U, 1U, 100U}) {
    explore_report const r = explore({.schedules = 5,
                                      .faults_percent = percent,
                                      .memory_faults_percent = percent,
                                      .slow_percent = percent},
                                     nothing);
    EXPECT_TRUE(r.passed()) << percent << r.text();
  }
}

TEST(asked, numbers_that_explore_nothing_are_refused) {
  expect_refused({.schedules = 0}, "schedules = 0 explores nothing; give 1 or more");
  expect_refused({.explorers = 0}, "explorers = 0 explores nothing; give 1 or more");
  expect_refused({.points_max = 0}, "points_max = 0 explores nothing; give 1 or more");
  expect_refused({.explorers = 65}, "explorers = 65: at most 64 explore side by side");
}

TEST(asked, times_that_nobody_can_mean_are_refused) {
  expect_refused({.stall_min = -1ns}, "stall_min is negative");
  expect_refused({.hang_after = 0ns}, "hang_after leaves a run no time");
  expect_refused({.hang_after = -1s}, "hang_after leaves a run no time");
  EXPECT_TRUE(explore({.schedules = 5, .stall_min = 0ns}, nothing).passed());
}

TEST(asked, stops_are_tried_in_a_sample_only) {
  expect_refused({.stops = true, .exhaustive = true}, "a sample can be tried with stops");
}
