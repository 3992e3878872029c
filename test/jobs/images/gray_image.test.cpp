// SPDX-License-Identifier: Apache-2.0
// Gray images compare by content.
#include <gtest/gtest.h>

#include <quartet/jobs/images/gray_image.hpp>

using quartet::jobs::gray_image;

TEST(gray_image, is_equal_only_with_the_same_sides_and_pixels) {
  gray_image const wide{.width = 2, .height = 1, .pixels = {1, 2}};
  EXPECT_EQ(wide, (gray_image{2, 1, {1, 2}}));
  EXPECT_NE(wide, (gray_image{1, 2, {1, 2}}));
  EXPECT_NE(wide, (gray_image{2, 1, {1, 3}}));
}

TEST(gray_image, begins_empty) {
  gray_image const empty;
  EXPECT_EQ(empty.width, 0u);
  EXPECT_EQ(empty.height, 0u);
  EXPECT_TRUE(empty.pixels.empty());
}
