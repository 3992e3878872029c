// SPDX-License-Identifier: Apache-2.0
// Many producers, one consumer: nothing lost, each producer's order kept.
#include <atomic>
#include <gtest/gtest.h>
#include <vector>

#include <quartet/lockfree/injection_queue.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;

namespace {

struct node {
  int producer = 0;
  int number = 0;  // plain: the thread sanitizer sees a missing hand-over
  node* next = nullptr;
};
using queue = lockfree::injection_queue<node, &node::next>;

}  // namespace

TEST(injection_queue, takes_everything_oldest_first) {
  queue q;
  node a, b, c;
  EXPECT_TRUE(q.seems_empty());
  EXPECT_TRUE(q.push(a)) << "the first one wakes the consumer";
  EXPECT_FALSE(q.push(b));
  EXPECT_FALSE(q.push(c));
  EXPECT_FALSE(q.seems_empty());
  auto got = q.take_all();
  EXPECT_EQ(got.pop_front(), &a);
  EXPECT_EQ(got.pop_front(), &b);
  EXPECT_EQ(got.pop_front(), &c);
  EXPECT_EQ(got.pop_front(), nullptr);
  EXPECT_TRUE(q.take_all().empty());
  EXPECT_TRUE(q.push(b)) << "a node may come again";
  EXPECT_EQ(q.take_all().pop_front(), &b);
}

// Each producer numbers its nodes; the consumer must see every producer's numbers without a gap.
TEST(injection_queue, keeps_each_producers_order_and_loses_nothing) {
  constexpr int producers = 3, count = 15'000;
  queue q;
  std::vector<std::vector<node>> nodes(producers, std::vector<node>(count));
  std::vector<int> next(producers, 0);
  std::vector<seam::thread> threads;
  for (int p = 0; p < producers; ++p)
    threads.emplace_back([&, p] {
      for (int i = 0; i < count; ++i) {
        node& n = nodes[static_cast<std::size_t>(p)][static_cast<std::size_t>(i)];
        n.producer = p;
        n.number = i;
        q.push(n);
      }
    });
  for (int taken = 0; taken < producers * count;) {
    auto got = q.take_all();
    if (got.empty()) seam::yield_thread();
    while (node* const n = got.pop_front()) {
      ASSERT_EQ(n->number, next[static_cast<std::size_t>(n->producer)]++);
      ++taken;
    }
  }
  EXPECT_TRUE(q.seems_empty());
}

// `push` says *first* exactly as often as the consumer finds something: that is what makes it safe
// to ring the consumer's bell only then.
TEST(injection_queue, every_batch_taken_had_exactly_one_push_that_said_first) {
  constexpr int producers = 2, count = 10'000;
  queue q;
  std::vector<std::vector<node>> nodes(producers, std::vector<node>(count));
  std::atomic<int> firsts{0};
  int batches = 0, taken = 0;
  {
    std::vector<seam::thread> threads;
    for (auto& mine : nodes)
      threads.emplace_back([&] {
        for (auto& n : mine)
          if (q.push(n)) firsts.fetch_add(1);
      });
    while (taken < producers * count) {
      auto got = q.take_all();
      if (!got.empty()) ++batches;
      while (got.pop_front() != nullptr) ++taken;
    }
  }
  EXPECT_EQ(firsts, batches);
}

TEST(injection_queue, announces_push_and_take_where_they_were_called) {
#if QUARTET_SIM
  test::recording_machine m;
  seam::machine_scope const scope(m);
  queue q;
  node a;
  q.push(a);
  q.take_all();
  EXPECT_TRUE(m.saw(seam::kind::compare_exchange, "injection_queue.test.cpp"));
  EXPECT_TRUE(m.saw(seam::kind::exchange, "injection_queue.test.cpp"));
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}
