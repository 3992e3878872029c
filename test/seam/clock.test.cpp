// SPDX-License-Identifier: Apache-2.0
// Time of the real machine, and of one that makes its own.
#include <chrono>
#include <gtest/gtest.h>

#include <quartet/os/usage.hpp>
#include <quartet/seam/clock.hpp>
#include <quartet/seam/machine.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using namespace std::chrono_literals;

static_assert(std::chrono::is_clock_v<quartet::clock>);

TEST(clock, never_goes_back) {
  auto before = quartet::clock::now();
  for (int i = 0; i < 1000; ++i) {
    auto const now = quartet::clock::now();
    ASSERT_GE(now, before);
    before = now;
  }
}

TEST(clock, a_sum_that_would_overflow_is_never) {
  EXPECT_EQ(after(duration::max()), never);
  EXPECT_LT(after(1h), never);
  EXPECT_GT(after(1h), quartet::clock::now());
}

TEST(clock, a_machine_may_have_a_time_of_its_own) {
#if QUARTET_SIM
  struct : test::recording_machine {
    time_point now() noexcept override { return virtual_now; }
    time_point virtual_now{42ns};
  } m;
  seam::machine_scope const scope(m);
  EXPECT_EQ(quartet::clock::now(), time_point{42ns});
  m.virtual_now += 1h;
  EXPECT_EQ(after(1s), time_point{1h + 1s + 42ns});
  EXPECT_EQ(m.count(seam::kind::clock), 2u);
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}

// Were it that of the process, the two would be more than that.
TEST(clock, the_cpu_time_of_a_thread_is_its_own) {
  auto const compute = [] {
    auto const begun = seam::thread_cpu_time();
    while (seam::thread_cpu_time() < begun + 5ms) {
    }
    return seam::thread_cpu_time();
  };
  auto const mine = compute();
  auto others = 0ns;
  seam::thread([&] { others = compute(); }).join();
  EXPECT_GE(os::own_usage().cpu(), mine + others);
}
