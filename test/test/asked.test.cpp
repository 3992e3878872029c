// SPDX-License-Identifier: Apache-2.0
// What is asked for by options and by the environment. What nobody can mean is refused in words:
// options by an exception, variables by the end of the process.
#include <cstdlib>
#include <functional>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

#include <quartet/seam/thread.hpp>
#include <quartet/test/against_sync.hpp>
#include <quartet/test/explore.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using namespace explore_test;

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

// As a program would end that catches nothing.
void explore_with(char const* variable, char const* value) {
  setenv(variable, value, 1);
  std::exit(explore({.schedules = 1}, nothing).passed() ? 0 : 1);
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

TEST(asked, a_seed_of_the_environment_that_is_no_token_ends_the_program) {
  for (char const* const bad : {"", "abc", "8f2a91c04417aa02/x"})
    EXPECT_EXIT(explore_with("QUARTET_SEED", bad), testing::ExitedWithCode(2),
                std::string("^quartet: QUARTET_SEED=") + bad + ": \"" + bad +
                    "\" is no schedule: a token is sixteen hex digits");
}

TEST(asked, numbers_of_the_environment_that_are_none_end_the_program) {
  for (char const* const bad : {"", "0", "-1", "ten", "3x", "99999999999999999999"})
    EXPECT_EXIT(explore_with("QUARTET_TIMES", bad), testing::ExitedWithCode(2),
                std::string("^quartet: QUARTET_TIMES=") + bad +
                    ": is no whole number from 1 on; give one, or unset the variable\n$");
  EXPECT_EXIT(explore_with("QUARTET_FRESH", "new"), testing::ExitedWithCode(2),
              "^quartet: QUARTET_FRESH=new: is no whole number from 0 on");
  EXPECT_EXIT(explore_with("QUARTET_FRESH", "0"), testing::ExitedWithCode(0), "");
}

TEST(asked, a_mutant_of_the_environment_that_is_none_ends_the_program) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // begun afresh: a process looks once
  EXPECT_EXIT(explore_with("QUARTET_MUTANT", "lock"), testing::ExitedWithCode(2),
              "^quartet: QUARTET_MUTANT=lock: is no mutant: it looks like");
}

TEST(explore, the_environment_brings_one_schedule_back) {
  explore_failure const f = failure_of(opposite_locks);
  ASSERT_EQ(setenv("QUARTET_SEED", f.token.c_str(), 1), 0);
  explore_report const r = explore(opposite_locks);
  unsetenv("QUARTET_SEED");
  ASSERT_TRUE(r.failure);
  EXPECT_EQ(r.failure->kind, "deadlock");
  EXPECT_EQ(r.schedules, 1U);
}

TEST(explore, the_environment_asks_for_more_schedules_and_for_others) {
  auto const seeds = [] {
    return explore({.schedules = 10}, [] { seam::thread a([] {}), b([] {}); }).schedules;
  };
  EXPECT_EQ(seeds(), 11U);
  ASSERT_EQ(setenv("QUARTET_TIMES", "3", 1), 0);
  EXPECT_EQ(seeds(), 31U);
  unsetenv("QUARTET_TIMES");
  std::string const usual = failure_of(half_withdrawal).token;
  ASSERT_EQ(setenv("QUARTET_FRESH", "12345", 1), 0);
  explore_report const fresh = explore(half_withdrawal);
  unsetenv("QUARTET_FRESH");
  ASSERT_TRUE(fresh.failure);
  if (fresh.failure->schedule != 1) {  // the measuring run is always the same
    EXPECT_NE(fresh.failure->token, usual);
  }
}

TEST(explore, a_token_that_is_none_is_refused_in_words) {
  for (char const* const bad :
       {"", "abc", "8f2a91c04417aa0z", "8f2a91c04417aa02/x", "8f2a91c04417aa021",
        "8f2a91c04417aa02@", "8f2a91c04417aa02@0", "8f2a91c04417aa02@x/t1.6-2"})
    try {
      static_cast<void>(replay(bad, opposite_locks));
      ADD_FAILURE() << bad;
    } catch (std::invalid_argument const& e) {
      EXPECT_TRUE(contains(e.what(), "sixteen hex digits")) << e.what();
    }
}
