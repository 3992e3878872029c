// SPDX-License-Identifier: Apache-2.0
// Counting pieces, rate and time left, under a clock that stands where we put it.
#include <gtest/gtest.h>

#include <quartet/progress/meter.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {
/// A machine whose clock moves only by hand.
struct frozen : seam::machine {
  time_point now() noexcept override { return at; }
  time_point at{1s};
};
}  // namespace

TEST(progress_meter, knows_rate_and_time_left_after_some_pieces) {
  frozen time;
  seam::machine_scope scope(time);
  progress_meter m;
  m.on_added(10);
  m.on_ended(ending::value);
  m.on_ended(ending::failed);
  time.at += 4s;
  progress_snapshot const s = m.look();
  EXPECT_EQ(s.total, 10u);
  EXPECT_EQ(s.ended, 2u);
  EXPECT_EQ(s.failed, 1u);
  EXPECT_EQ(s.elapsed, 4s);
  EXPECT_DOUBLE_EQ(s.rate, 0.5);
  EXPECT_EQ(s.left, 16s);
}

TEST(progress_meter, claims_nothing_before_the_first_piece_has_ended) {
  progress_meter m;
  m.on_added(3);
  EXPECT_EQ(m.look().rate, 0);
  EXPECT_EQ(m.look().left, 0s);
}
