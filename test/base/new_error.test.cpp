// SPDX-License-Identifier: Apache-2.0
// An exception is made in its place, or what its making threw comes instead.
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

#include <quartet/base/new_error.hpp>

using namespace quartet;

namespace {

struct not_copied : std::runtime_error {
  using std::runtime_error::runtime_error;
  not_copied(not_copied const& other) : std::runtime_error(other) {
    ADD_FAILURE() << "it was copied";
  }
};

struct not_made {
  not_made() { throw std::out_of_range("no"); }
};

}  // namespace

TEST(new_error, is_made_in_place_and_thrown_with_its_type) {
  try {
    std::rethrow_exception(new_error<not_copied>(std::string("what broke")));
  } catch (not_copied const& e) {
    EXPECT_STREQ(e.what(), "what broke");
  }
}

TEST(new_error, whose_making_throws_gives_what_was_thrown) {
  EXPECT_THROW(std::rethrow_exception(new_error<not_made>()), std::out_of_range);
}
