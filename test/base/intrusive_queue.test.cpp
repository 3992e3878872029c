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

TEST(intrusive_queue, remove_takes_one_out_wherever_it_stands) {
  for (int which = 0; which != 3; ++which) {
    item all[3];
    queue q;
    for (item& x : all) q.push_back(x);
    EXPECT_TRUE(q.remove(all[which]));
    EXPECT_FALSE(q.remove(all[which])) << "it is not here any more";
    item more;
    q.push_back(more);
    for (int i = 0; i != 3; ++i)
      if (i != which) {
        EXPECT_EQ(q.pop_front(), &all[i]);
      }
    EXPECT_EQ(q.pop_front(), &more);
    EXPECT_TRUE(q.empty());
  }
}
