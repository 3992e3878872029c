// SPDX-License-Identifier: Apache-2.0
// What an operation tells.
#include <gtest/gtest.h>

#include <quartet/seam/operation.hpp>

using namespace quartet;

TEST(operation, is_a_plain_value_with_kind_object_access_order_and_place) {
  int x = 0;
  seam::operation const o{seam::kind::store, &x, true, seam::release, place::here()};
  EXPECT_EQ(o.what, seam::kind::store);
  EXPECT_EQ(o.object, &x);
  EXPECT_TRUE(o.writes);
  EXPECT_EQ(o.order, std::memory_order_release);
  EXPECT_STREQ(o.where.function, "TestBody");
  EXPECT_STREQ(seam::name(o.what), "store");
}
