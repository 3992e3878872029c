// SPDX-License-Identifier: Apache-2.0
// The pace of a loop: how chunks grow and shrink, and what is worth giving away.
#include <gtest/gtest.h>

#include <quartet/core/detail/pace.hpp>

using namespace quartet;
using namespace std::chrono_literals;
using detail::pace;

namespace {

/// A loop whose clock moves only when items "run".
class pace_of_a_loop : public ::testing::Test {
 protected:
  void run(std::size_t n, duration each) {
    now += static_cast<duration::rep>(n) * each;
    p.chunk_ran(n, now);
  }

  time_point now{};
  pace p;
};

}  // namespace

TEST_F(pace_of_a_loop, chunks_of_cheap_items_grow_until_they_are_worth_the_bookkeeping) {
  for (int k = 0; k != 6; ++k) run(p.grain(), 10ns);
  std::size_t const grown = p.grain();
  EXPECT_GE(static_cast<duration::rep>(grown) * duration(10ns), pace::worth_while);
  EXPECT_LE(static_cast<duration::rep>(grown) * duration(10ns), 2 * pace::worth_while);
  run(grown, 10ns);
  EXPECT_EQ(p.grain(), grown);
}

TEST_F(pace_of_a_loop, a_chunk_that_took_long_is_followed_by_a_smaller_one) {
  EXPECT_EQ(p.grain(), 1u);
  run(1, 1h);
  EXPECT_EQ(p.grain(), 1u);
  run(1, 1ns);
  std::size_t const grown = p.grain();
  EXPECT_EQ(grown, 64u) << "as cheap as it may be";
  run(grown, 1us);
  EXPECT_EQ(p.grain(), grown / 2);
}

TEST_F(pace_of_a_loop, items_that_cost_nothing_by_the_clock_count_as_a_nanosecond) {
  run(1, 0ns);
  EXPECT_EQ(p.grain(), 64u);
}

TEST_F(pace_of_a_loop, what_is_over_at_once_is_not_worth_giving_away) {
  EXPECT_TRUE(p.is_worth_giving(2)) << "nothing is known yet";
  run(8, 100ns);
  EXPECT_FALSE(p.is_worth_giving(20));
  EXPECT_TRUE(p.is_worth_giving(200));
  run(8, 1ns);
  EXPECT_FALSE(p.is_worth_giving(1'000'000)) << "too short to tell";
}
