// SPDX-License-Identifier: Apache-2.0
// @NAME@: driven by hand, each step in its order.
#include <gtest/gtest.h>

#include <quartet/sync/@NAME@.hpp>

namespace {

TEST(@NAME@, is_taken_by_one_only) {
  quartet::@NAME@ one;
  EXPECT_TRUE(one.try_take());
  EXPECT_FALSE(one.try_take());
}

TEST(@NAME@, can_be_taken_again_after_it_was_given_back) {
  quartet::@NAME@ one;
  ASSERT_TRUE(one.try_take());
  one.give_back();
  EXPECT_TRUE(one.try_take());
}

TEST(@NAME@, giving_back_what_is_free_is_an_assertion) {
  quartet::@NAME@ one;
  EXPECT_DEATH(one.give_back(), "give_back without a try_take");
}

}  // namespace
