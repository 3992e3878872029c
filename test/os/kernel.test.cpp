// SPDX-License-Identifier: Apache-2.0
// Names of kernels, that of this one and made-up ones.
#include <gtest/gtest.h>
#include <string>

#include <quartet/os/kernel.hpp>

using namespace quartet::os;

TEST(kernel, the_one_that_runs_here_has_a_name_with_numbers) {
  auto const k = parse_kernel(kernel_release());
  ASSERT_TRUE(k) << kernel_release();
  EXPECT_TRUE(kernel_release().starts_with(std::to_string(k->version) + "." +
                                           std::to_string(k->patchlevel)));
}

TEST(kernel, names_begin_with_two_numbers) {
  EXPECT_EQ(parse_kernel("6.1.0-13-amd64"), (kernel{.version = 6, .patchlevel = 1}));
  EXPECT_EQ(parse_kernel("5.15-rc3"), (kernel{.version = 5, .patchlevel = 15}));
  EXPECT_EQ(parse_kernel("10.0"), (kernel{.version = 10, .patchlevel = 0}));
  for (char const* text : {"", "6", "6.", "6.x", ".6", "x6.1", "-6.1", "6 1", "4294967296.1"})
    EXPECT_EQ(parse_kernel(text), std::nullopt) << text;
}

TEST(kernel, numbers_are_compared_as_numbers) {
  EXPECT_LT(*parse_kernel("5.9.1"), oldest_kernel);
  EXPECT_LT(*parse_kernel("4.19"), oldest_kernel);
  EXPECT_GE(*parse_kernel("5.15.0"), oldest_kernel);
  EXPECT_GE(*parse_kernel("6.1"), oldest_kernel);
}
