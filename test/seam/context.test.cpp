// SPDX-License-Identifier: Apache-2.0
// The one thread-local pointer.
#include <gtest/gtest.h>

#include <quartet/seam/context.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;

TEST(context, is_null_on_a_thread_that_never_entered_and_exchanged_by_hand) {
  EXPECT_EQ(seam::current(), nullptr);
  seam::context mine;
  EXPECT_EQ(seam::exchange_current(&mine), nullptr);
  EXPECT_EQ(seam::current(), &mine);
  EXPECT_EQ(seam::exchange_current(nullptr), &mine);
}

TEST(context, every_started_thread_has_its_own) {
  seam::context* first = nullptr;
  bool own = false;
  seam::thread([&] {
    first = seam::current();
    own = first != nullptr && first->execution == nullptr;
  }).join();
  EXPECT_TRUE(own);
  EXPECT_EQ(seam::current(), nullptr);
}
