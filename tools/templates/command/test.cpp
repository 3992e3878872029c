// SPDX-License-Identifier: Apache-2.0
// @NAME@: the good, the bad, and none at all.
#include <gtest/gtest.h>
#include <stdexcept>

#include <quartet/jobs/@NAME@/run_@NAME@.hpp>

namespace {

using quartet::jobs::run_@NAME@;

TEST(run_@NAME@, a_bad_input_is_reported_and_the_rest_is_done) {
  auto const result = run_@NAME@({.inputs = {"a", "", "b"}});
  EXPECT_EQ(result.done, 2U);
  ASSERT_EQ(result.failed.size(), 1U);
  EXPECT_EQ(result.failed[0], "an input has an empty name; leave it out");
}

TEST(run_@NAME@, no_input_is_an_error) {
  EXPECT_THROW(run_@NAME@({.inputs = {}}), std::invalid_argument);
}

}  // namespace
