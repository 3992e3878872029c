// SPDX-License-Identifier: Apache-2.0
// The doubly linked list: order, removal anywhere, and misuse.
#include <gtest/gtest.h>
#include <memory>
#include <vector>

#include <quartet/base/intrusive_list.hpp>

using namespace quartet;

namespace {

struct item : list_node {
  explicit item(int n) : number(n) {}
  int number;
};

std::vector<int> numbers(intrusive_list<item>& l) {
  std::vector<int> all;
  l.each([&](item& x) { all.push_back(x.number); });
  return all;
}

void drain(intrusive_list<item>& l) {
  while (l.pop_front() != nullptr) {
  }
}

}  // namespace

TEST(intrusive_list, keeps_order_at_both_ends) {
  item a(1), b(2), c(3);
  intrusive_list<item> l;
  EXPECT_TRUE(l.empty());
  EXPECT_EQ(l.pop_front(), nullptr);
  l.push_back(b);
  l.push_back(c);
  l.push_front(a);
  EXPECT_EQ(numbers(l), (std::vector{1, 2, 3}));
  EXPECT_EQ(&l.front(), &a);
  EXPECT_EQ(l.pop_front(), &a);
  EXPECT_FALSE(a.linked());
  EXPECT_TRUE(b.linked());
  drain(l);
}

TEST(intrusive_list, removes_from_the_middle_and_takes_the_element_again) {
  item a(1), b(2), c(3);
  intrusive_list<item> l;
  for (auto* x : {&a, &b, &c}) l.push_back(*x);
  l.remove(b);
  EXPECT_EQ(numbers(l), (std::vector{1, 3}));
  l.push_back(b);
  l.remove(a);
  EXPECT_EQ(numbers(l), (std::vector{3, 2}));
  drain(l);
}

TEST(intrusive_list, splice_moves_everything_behind) {
  item a(1), b(2), c(3);
  intrusive_list<item> first, second;
  first.push_back(a);
  second.push_back(b);
  second.push_back(c);
  first.splice_back(second);
  EXPECT_TRUE(second.empty());
  EXPECT_EQ(numbers(first), (std::vector{1, 2, 3}));
  drain(first);
}

TEST(intrusive_list_death, misuse_is_an_assertion) {
  EXPECT_DEATH(
      {
        item a(1);
        intrusive_list<item> l;
        intrusive_list<item> m;
        l.push_back(a);
        m.push_back(a);
      },
      "put into two lists");
  EXPECT_DEATH(
      {
        auto a = std::make_unique<item>(1);
        intrusive_list<item> l;
        l.push_back(*a);
        a.reset();
      },
      "destroyed while it was in a list");
  EXPECT_DEATH(
      {
        auto* const a = new item(1);
        intrusive_list<item> l;
        l.push_back(*a);
      },
      "destroyed with elements in it");
}
