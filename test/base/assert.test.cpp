// SPDX-License-Identifier: Apache-2.0
// Assertions end the program and say which one.
#include <gtest/gtest.h>

#include <quartet/base/assert.hpp>

TEST(assert, evaluates_a_condition_that_holds_once_and_goes_on) {
  int evaluated = 0;
  QUARTET_ASSERT(++evaluated == 1, "never printed");
  EXPECT_EQ(evaluated, 1);
}

TEST(assert_death, a_broken_one_names_message_condition_and_place) {
  int const legs = 3;
  EXPECT_DEATH(QUARTET_ASSERT(legs == 4, "the table falls"),
               "quartet: the table falls\n  legs == 4 does not hold at .*assert.test.cpp:[0-9]+");
}
