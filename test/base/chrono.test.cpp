// SPDX-License-Identifier: Apache-2.0
// What programs write about time without an include of their own.
#include <gtest/gtest.h>

#include <quartet/base/chrono.hpp>

TEST(chrono, durations_clocks_and_literals_are_there) {
  using namespace std::chrono_literals;
  EXPECT_EQ(std::chrono::duration_cast<std::chrono::milliseconds>(2s + 5ms).count(), 2005);
  auto const before = std::chrono::steady_clock::now();
  EXPECT_LE(before, std::chrono::steady_clock::now());
  EXPECT_GT(std::chrono::system_clock::now().time_since_epoch(), std::chrono::hours(24));
}
