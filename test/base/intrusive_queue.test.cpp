// SPDX-License-Identifier: Apache-2.0
// The singly linked queue.
#include <gtest/gtest.h>

#include <quartet/base/intrusive_queue.hpp>

namespace {
struct item {
  item* next = nullptr;
};
using queue = quartet::intrusive_queue<item, &item::next>;
}  // namespace

TEST(intrusive_queue, is_first_in_first_out_and_lets_one_jump_the_queue) {
  item a, b, c;
  queue q;
  EXPECT_TRUE(q.empty());
  EXPECT_EQ(q.pop_front(), nullptr);
  q.push_front(b);
  q.push_back(c);
  q.push_front(a);
  EXPECT_EQ(q.pop_front(), &a);
  EXPECT_EQ(q.pop_front(), &b);
  EXPECT_EQ(q.pop_front(), &c);
  EXPECT_EQ(q.pop_front(), nullptr);
  q.push_back(b);
  EXPECT_EQ(q.pop_front(), &b) << "empty and filled again";
}

TEST(intrusive_queue, append_moves_everything_behind) {
  item a, b, c;
  queue first, second;
  first.append(second);
  EXPECT_TRUE(first.empty());
  second.push_back(a);
  first.append(second);
  EXPECT_TRUE(second.empty());
  second.push_back(b);
  second.push_back(c);
  first.append(second);
  EXPECT_EQ(first.pop_front(), &a);
  EXPECT_EQ(first.pop_front(), &b);
  EXPECT_EQ(first.pop_front(), &c);
  EXPECT_TRUE(first.empty());
}
