// SPDX-License-Identifier: Apache-2.0
// The deque against an oracle: each item is a cell that counts how often it was taken.
#include <atomic>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

#include <quartet/lockfree/deque.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using lockfree::steal_status;

namespace {

struct item {
  int number = 0;              // plain: the thread sanitizer sees a missing hand-over
  std::atomic<int> taken = 0;  // the oracle: 1 at the end
};

template <class Deque> struct of_policy : testing::Test { Deque d; };
using small_deques =
    testing::Types<lockfree::deque<item, 8>, lockfree::basic_deque<item, 8, seam::bare>,
                   lockfree::basic_deque<item, 8, seam::announced>>;
TYPED_TEST_SUITE(of_policy, small_deques);

}  // namespace

TYPED_TEST(of_policy, the_owner_takes_the_newest_and_a_thief_the_oldest) {
  item a, b, c;
  ASSERT_TRUE(this->d.push(&a));
  ASSERT_TRUE(this->d.push(&b));
  ASSERT_TRUE(this->d.push(&c));
  EXPECT_FALSE(this->d.seems_empty());
  EXPECT_EQ(this->d.pop(), &c);
  auto const got = this->d.steal();
  EXPECT_EQ(got.status, steal_status::ok);
  EXPECT_EQ(got.item, &a);
  EXPECT_EQ(this->d.pop(), &b);
  EXPECT_TRUE(this->d.seems_empty());
}

TYPED_TEST(of_policy, the_newest_is_taken_only_if_it_is_the_one_asked_for) {
  item a, b;
  EXPECT_FALSE(this->d.pop_if(&a));
  ASSERT_TRUE(this->d.push(&a));
  ASSERT_TRUE(this->d.push(&b));
  EXPECT_FALSE(this->d.pop_if(&a));
  EXPECT_TRUE(this->d.pop_if(&b));
  EXPECT_FALSE(this->d.pop_if(&b)) << "its place still names it";
  EXPECT_EQ(this->d.steal().item, &a);
  EXPECT_FALSE(this->d.pop_if(&a)) << "stolen";
  ASSERT_TRUE(this->d.push(&b));
  EXPECT_EQ(this->d.pop(), &b);
}

TYPED_TEST(of_policy, an_empty_one_says_so_to_both_sides) {
  EXPECT_EQ(this->d.pop(), nullptr);
  EXPECT_EQ(this->d.steal().status, steal_status::empty);
  EXPECT_FALSE(this->d.steal());
  item a;
  ASSERT_TRUE(this->d.push(&a));
  EXPECT_EQ(this->d.pop(), &a);
  EXPECT_EQ(this->d.pop(), nullptr);
  EXPECT_EQ(this->d.steal().status, steal_status::empty);
}

TYPED_TEST(of_policy, a_full_one_refuses_until_a_thief_made_room) {
  std::vector<std::unique_ptr<item>> items;
  for (int i = 0; i < 8; ++i)
    ASSERT_TRUE(this->d.push(items.emplace_back(std::make_unique<item>()).get()));
  item one_more;
  EXPECT_FALSE(this->d.push(&one_more));
  EXPECT_EQ(this->d.steal().item, items[0].get());
  EXPECT_TRUE(this->d.push(&one_more));
  EXPECT_FALSE(this->d.push(items[0].get()));
  EXPECT_EQ(this->d.pop(), &one_more);
}

TYPED_TEST(of_policy, order_survives_many_turns_around_the_ring) {
  item cells[5];
  for (int turn = 0; turn < 100; ++turn) {
    for (auto& x : cells) ASSERT_TRUE(this->d.push(&x));
    ASSERT_EQ(this->d.steal().item, &cells[0]);
    for (int i = 4; i > 0; --i) ASSERT_EQ(this->d.pop(), &cells[i]);
    ASSERT_EQ(this->d.pop(), nullptr);
  }
}

// The owner pushes every cell once and pops now and then; three thieves steal until all are gone.
// However the races end, each cell has been taken exactly once, and its plain content was seen.
TEST(deque, owner_and_three_thieves_take_every_item_exactly_once) {
  constexpr int count = 60'000;
  std::vector<item> items(count);
  lockfree::deque<item, 64> d;
  std::atomic<int> left{count};
  std::atomic<bool> wrong{false};
  auto const take = [&](item& x) {
    if (&x != &items[static_cast<std::size_t>(x.number)]) wrong = true;
    x.taken.fetch_add(1);
    left.fetch_sub(1);
  };
  {
    std::vector<seam::thread> thieves;
    for (int i = 0; i < 3; ++i)
      thieves.emplace_back([&] {
        while (left.load() > 0) {
          if (auto const got = d.steal())
            take(*got.item);
          else if (got.status == steal_status::empty)
            seam::yield_thread();
        }
      });
    for (int i = 0; i < count; ++i) {
      items[static_cast<std::size_t>(i)].number = i;
      while (!d.push(&items[static_cast<std::size_t>(i)]))
        if (item* const x = d.pop()) take(*x);
      if (i % 3 == 0)
        if (item* const x = d.pop()) take(*x);
    }
    while (item* const x = d.pop()) take(*x);
  }
  EXPECT_FALSE(wrong);
  EXPECT_TRUE(d.seems_empty());
  for (auto const& x : items) ASSERT_EQ(x.taken, 1) << "item " << x.number;
}

// One item at a time is the hard case: owner and thief want the same one.
TEST(deque, the_last_item_goes_to_one_side_only) {
  constexpr int count = 20'000;
  std::vector<item> items(count);
  lockfree::deque<item, 4> d;
  std::atomic<bool> done{false};
  {
    seam::thread thief([&] {
      while (!done)
        if (auto const got = d.steal()) got.item->taken.fetch_add(1);
    });
    for (auto& x : items) {
      while (!d.push(&x)) {
      }
      if (item* const got = d.pop()) got->taken.fetch_add(1);
    }
    done = true;
  }
  for (auto const& x : items) ASSERT_EQ(x.taken, 1);
}

TEST(deque, made_on_a_listening_machine_announces_each_step) {
#if QUARTET_SIM
  test::recording_machine m;
  seam::machine_scope const scope(m);
  lockfree::deque<item, 4> d;
  item cells[5];
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(d.push(&cells[i]));
  EXPECT_FALSE(d.push(&cells[4])) << "the limit is that of the real one";
  m.clear();
  EXPECT_EQ(d.pop(), &cells[3]);
  EXPECT_EQ(m.count(seam::kind::fence), 1u);
  EXPECT_GE(m.count(seam::kind::store), 1u);
  m.clear();
  EXPECT_EQ(d.steal().item, &cells[0]);
  EXPECT_EQ(m.count(seam::kind::compare_exchange), 1u);
  EXPECT_TRUE(m.saw(seam::kind::compare_exchange, "lockfree/deque.hpp"));
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}

TEST(deque, made_on_the_real_machine_is_silent_even_while_another_thread_is_recorded) {
  lockfree::deque<item, 4> d;
  test::recording_machine m;
  seam::machine_scope const scope(m);
  item a;
  EXPECT_TRUE(d.push(&a));
  EXPECT_EQ(d.pop(), &a);
  EXPECT_TRUE(m.operations().empty());
}
