// SPDX-License-Identifier: Apache-2.0
// A group's failures in one exception: the first first, with names and places.
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

#include <quartet/base/errors.hpp>
#include <quartet/core/group_error.hpp>

using namespace quartet;

namespace {

failure failed(std::string name, place where, char const* text) {
  return {std::make_exception_ptr(std::runtime_error(text)), std::move(name), where};
}

}  // namespace

static_assert(std::is_nothrow_copy_constructible_v<group_error>, "exceptions are copied");

TEST(group_error, lists_each_failure_with_its_task_and_place) {
  group_error const e({failed("decode a.jpg", {"shrink.cpp", 12, "all"}, "truncated"),
                       failed("", {}, "disk full")});
  EXPECT_STREQ(e.what(),
               "2 tasks of the group failed\n"
               "  decode a.jpg (shrink.cpp:12): truncated\n"
               "  unnamed task: disk full");
}

TEST(group_error, says_one_task_when_it_is_one) {
  group_error const e({failed("x", {}, "no")});
  EXPECT_STREQ(e.what(), "1 task of the group failed\n  x: no");
}

TEST(group_error, gives_the_first_failure_back_with_its_type) {
  group_error const e({{std::make_exception_ptr(std::out_of_range("first")), "a", {}},
                       {std::make_exception_ptr(std::logic_error("second")), "b", {}}});
  try {
    e.rethrow_primary();
  } catch (std::out_of_range const& x) {
    EXPECT_STREQ(x.what(), "first");
  }
  ASSERT_EQ(e.failures().size(), 2u);
  EXPECT_EQ(e.failures()[1].name, "b");
}

TEST(group_error, copies_share_text_and_list) {
  group_error const e({failed("x", {}, "no")});
  group_error const copy = e;
  EXPECT_EQ(copy.what(), e.what());
  EXPECT_EQ(&copy.failures(), &e.failures());
}

TEST(group_error, describe_knows_exceptions_that_are_not_standard) {
  EXPECT_EQ(describe(std::make_exception_ptr(std::runtime_error("why"))), "why");
  EXPECT_EQ(describe(std::make_exception_ptr(timed_out())), "timed out");
  EXPECT_EQ(describe(std::make_exception_ptr(stopped())), "stopped");
  EXPECT_EQ(describe(std::make_exception_ptr(42)), "an exception that is no std::exception");
}
