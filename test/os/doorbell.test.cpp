// SPDX-License-Identifier: Apache-2.0
// Doorbells: many rings are one, and a ring publishes what was written before it.
#include <gtest/gtest.h>
#include <poll.h>

#include <quartet/os/doorbell.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;

TEST(doorbell, many_rings_are_drained_at_once) {
  os::doorbell b;
  EXPECT_FALSE(b.drain());
  b.ring();
  b.ring();
  EXPECT_TRUE(b.drain());
  EXPECT_FALSE(b.drain());
}

TEST(doorbell, is_readable_while_rung) {
  os::doorbell b;
  pollfd p{b.descriptor(), POLLIN, 0};
  EXPECT_EQ(poll(&p, 1, 0), 0);
  b.ring();
  EXPECT_EQ(poll(&p, 1, 0), 1);
  EXPECT_TRUE(b.drain());
  EXPECT_EQ(poll(&p, 1, 0), 0);
}

TEST(doorbell, what_was_written_before_the_ring_is_seen_after_the_drain) {
  os::doorbell b;
  int value = 0;
  seam::thread ringer([&] {
    value = 42;
    b.ring();
  });
  while (!b.drain()) {
  }
  EXPECT_EQ(value, 42);
}

TEST(doorbell, announces_both_sides) {
#if QUARTET_SIM
  test::recording_machine m;
  seam::machine_scope const scope(m);
  os::doorbell b;
  b.ring();
  b.drain();
  EXPECT_EQ(m.count(seam::kind::transfer, &b), 2u);
  EXPECT_TRUE(m.saw(seam::kind::transfer, "doorbell.test.cpp"));
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}
