// SPDX-License-Identifier: Apache-2.0
// Levels are ordered, and travel from the options to the call.
#include <gtest/gtest.h>

#include <quartet/core/priority.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>

using namespace quartet;

static_assert(priority::background < priority::normal);
static_assert(priority::normal < priority::high);
static_assert(priority::high < priority::urgent);
static_assert(sizeof(priority) == 1);

TEST(priority, calls_and_options_are_normal_unless_said_otherwise) {
  EXPECT_EQ(call{}.level, priority::normal);
  EXPECT_EQ(submit_options{}.level, priority::normal);
}

TEST(priority, a_task_has_the_level_it_was_submitted_with_after_each_wait_too) {
  manual_executor e;
  auto f = e.submit({.level = priority::high}, []() -> task<> {
    EXPECT_EQ(current_task()->level, priority::high);
    co_await yield();
    EXPECT_EQ(current_task()->level, priority::high);
  });
  f.blocking_get();
}

TEST(priority, a_plain_function_has_the_level_it_was_submitted_with) {
  manual_executor e;
  auto f = e.submit({.level = priority::urgent},
                    [] { EXPECT_EQ(current_task()->level, priority::urgent); });
  f.blocking_get();
}
