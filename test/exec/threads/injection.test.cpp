// SPDX-License-Identifier: Apache-2.0
// The queue from outside: how much one worker takes of it at once.
#include "injection.hpp"

#include <array>
#include <gtest/gtest.h>
#include <memory>

using namespace quartet;
using detail::pool::injection;

TEST(injection, a_share_of_what_waits_is_taken_oldest_first) {
  auto const q = std::make_unique<injection>();
  std::array<call, 9> calls;
  std::array<call*, 16> taken{};
  for (call& c : calls) q->push(c);
  ASSERT_EQ(q->take(taken, 2), 5u);
  for (std::size_t i = 0; i != 5; ++i) EXPECT_EQ(taken[i], &calls[i]);
  EXPECT_EQ(q->size(), 4u);
  EXPECT_EQ(q->pushed(), 9u);
}

TEST(injection, none_is_taken_along_behind_one_that_is_many) {
  auto const q = std::make_unique<injection>();
  std::array<call, 4> calls;
  std::array<call*, 16> taken{};
  calls[1].many = true;
  calls[2].many = true;
  for (call& c : calls) q->push(c);
  ASSERT_EQ(q->take(taken, 1), 2u);
  EXPECT_EQ(taken[1], &calls[1]);
  ASSERT_EQ(q->take(taken, 1), 1u);
  EXPECT_EQ(taken[0], &calls[2]);
  ASSERT_EQ(q->take(taken, 1), 1u);
  EXPECT_EQ(taken[0], &calls[3]);
  EXPECT_EQ(q->take(taken, 1), 0u);
}
