// SPDX-License-Identifier: Apache-2.0
// The exception keeps apart what is broken and what is only not supported.
#include <gtest/gtest.h>
#include <stdexcept>

#include <quartet/jobs/images/image_error.hpp>

using namespace quartet::jobs;

TEST(image_error, carries_its_status_and_its_message) {
  image_error const error(image_status::unsupported, "a.webp: not yet");
  EXPECT_EQ(error.status(), image_status::unsupported);
  EXPECT_STREQ(error.what(), "a.webp: not yet");
}

TEST(image_error, is_caught_as_a_runtime_error) {
  EXPECT_THROW(throw image_error(image_status::failed, "x"), std::runtime_error);
}
