// SPDX-License-Identifier: Apache-2.0
// Four endings, never two at once.
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>

#include <quartet/base/outcome.hpp>

using namespace quartet;

TEST(outcome, a_value_is_looked_at_or_moved_out) {
  auto o = outcome<std::unique_ptr<int>>::of_value(new int(7));
  EXPECT_TRUE(o);
  EXPECT_EQ(o.how(), ending::value);
  EXPECT_EQ(*o.value(), 7);
  EXPECT_EQ(*o.take(), 7);
  auto const text = outcome<std::string>::of_value(3, 'x');
  EXPECT_EQ(text.value(), "xxx");
}

TEST(outcome, a_failure_is_thrown_with_its_type) {
  auto o = outcome<int>::of_error(std::make_exception_ptr(std::out_of_range("too far")));
  EXPECT_FALSE(o);
  EXPECT_EQ(o.how(), ending::failed);
  EXPECT_NE(o.error(), nullptr);
  EXPECT_THROW(o.value(), std::out_of_range);
  EXPECT_THROW(o.take(), std::out_of_range);
}

TEST(outcome, a_stop_and_a_timeout_are_no_failures) {
  EXPECT_EQ(outcome<int>().how(), ending::stopped);
  EXPECT_THROW(outcome<int>::of_stop().take(), stopped);
  auto const late = outcome<int>::of_timeout();
  EXPECT_EQ(late.how(), ending::timed_out);
  EXPECT_THROW(late.value(), timed_out);
  EXPECT_EQ(late.error(), nullptr);
}

TEST(outcome, of_nothing_works_alike) {
  auto done = outcome<void>::of_value();
  EXPECT_TRUE(done);
  EXPECT_NO_THROW(done.take());
  EXPECT_THROW(outcome<void>::of_stop().take(), stopped);
}
