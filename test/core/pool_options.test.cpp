// SPDX-License-Identifier: Apache-2.0
// Absurd options are refused by name.
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

#include <quartet/core/pool_options.hpp>

namespace quartet {
namespace {

TEST(pool_options, ordinary_numbers_pass) {
  EXPECT_NO_THROW(check({}));
  EXPECT_NO_THROW(check({.workers = most_workers, .name = "many"}));
}

TEST(pool_options, too_many_workers_are_refused_and_named) {
  try {
    check({.workers = 5000});
    FAIL() << "5000 workers were accepted";
  } catch (std::invalid_argument const& e) {
    EXPECT_NE(std::string(e.what()).find("5000"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("4096"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace quartet
