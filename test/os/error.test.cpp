// SPDX-License-Identifier: Apache-2.0
// The message convention of the module.
#include <cerrno>
#include <gtest/gtest.h>
#include <string>
#include <system_error>

#include <quartet/os/error.hpp>

TEST(error, names_what_was_tried_in_front_of_the_systems_words) {
  try {
    errno = EACCES;
    quartet::os::throw_errno("cannot open the box");
  } catch (std::system_error const& e) {
    EXPECT_EQ(e.code(), std::errc::permission_denied);
    EXPECT_STREQ(e.what(), "cannot open the box: Permission denied");
  }
  EXPECT_THROW(quartet::os::throw_error(ENOENT, "x"), std::system_error);
}
