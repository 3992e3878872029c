// SPDX-License-Identifier: Apache-2.0
// Guessing the word that was meant.
#include "nearest.hpp"

#include <gtest/gtest.h>

using quartet::cli::nearest;

TEST(nearest, two_edits_at_most_and_the_fewest_win) {
  std::vector<std::string> const words{"--width", "--workers", "--on"};
  EXPECT_EQ(nearest("--width", words), "--width");
  EXPECT_EQ(nearest("--widht", words), "--width");
  EXPECT_EQ(nearest("--worker", words), "--workers");
  EXPECT_EQ(nearest("--no", words), "--on");
  EXPECT_EQ(nearest("--colour", words), "");
  EXPECT_EQ(nearest("x", {}), "");
}
