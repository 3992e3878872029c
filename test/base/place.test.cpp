// SPDX-License-Identifier: Apache-2.0
// A place is the caller's when it is a default argument.
#include <gtest/gtest.h>
#include <string_view>

#include <quartet/base/place.hpp>

using quartet::place;

namespace {
place asked_from(place p = place::here()) { return p; }
}  // namespace

TEST(place, is_where_the_caller_stands) {
  place const a = asked_from();
  place const b = asked_from();
  EXPECT_TRUE(std::string_view(a.file).ends_with("place.test.cpp"));
  EXPECT_STREQ(a.function, "TestBody");
  EXPECT_EQ(b.line, a.line + 1);
  EXPECT_EQ(place().line, 0u);
}
