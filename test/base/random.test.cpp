// SPDX-License-Identifier: Apache-2.0
// Seeded numbers: repeatable everywhere, and spread out.
#include <array>
#include <gtest/gtest.h>
#include <set>

#include <quartet/base/random.hpp>

using namespace quartet;

TEST(random, mix64_is_the_published_function) {
  // The first two outputs of splitmix64 seeded with 0.
  EXPECT_EQ(mix64(0), 0xE220A8397B1DCDAFu);
  EXPECT_EQ(mix64(0x9E3779B97F4A7C15u), 0x6E789E6AA1B965F4u);
}

TEST(random, equal_seeds_give_equal_sequences_and_others_do_not) {
  random_stream a(42), b(42), c(43);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    auto const x = a.next();
    ASSERT_EQ(x, b.next());
    differs = differs || x != c.next();
  }
  EXPECT_TRUE(differs);
}

TEST(random, below_stays_below_and_reaches_everything) {
  random_stream r(1);
  std::array<int, 6> counts{};
  for (int i = 0; i < 6000; ++i) ++counts.at(r.below(6));
  for (int const n : counts) EXPECT_GT(n, 800);
  EXPECT_EQ(r.below(1), 0u);
}

TEST(random, a_stream_does_not_repeat_soon) {
  random_stream r(7);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(seen.insert(r.next()).second);
}
