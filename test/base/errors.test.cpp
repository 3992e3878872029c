// SPDX-License-Identifier: Apache-2.0
// The outcomes that are no values, and how they are told apart.
#include <exception>
#include <gtest/gtest.h>
#include <string>
#include <type_traits>

#include <quartet/base/errors.hpp>

using namespace quartet;

TEST(errors, stopped_passes_handlers_for_failures) {
  static_assert(!std::is_base_of_v<std::exception, stopped>);
  bool passed = false;
  try {
    try {
      throw stopped();
    } catch (std::exception const&) {
      FAIL() << "taken for a failure";
    }
  } catch (stopped const& s) {
    passed = std::string(s.what()) == "stopped";
  }
  EXPECT_TRUE(passed);
}

TEST(errors, the_others_are_exceptions_with_their_words) {
  EXPECT_STREQ(timed_out().what(), "timed out");
  EXPECT_STREQ(timed_out("fetching x took too long").what(), "fetching x took too long");
  EXPECT_STREQ(closed("the channel is closed").what(), "the channel is closed");
  EXPECT_STREQ(would_deadlock("a waits for a").what(), "a waits for a");
  static_assert(std::is_base_of_v<std::runtime_error, timed_out>);
  static_assert(std::is_base_of_v<std::runtime_error, closed>);
  static_assert(std::is_base_of_v<std::logic_error, would_deadlock>);
}
