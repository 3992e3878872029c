// SPDX-License-Identifier: Apache-2.0
// Parking on a word.
#include <chrono>
#include <gtest/gtest.h>

#include <quartet/seam/futex.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using namespace std::chrono_literals;

TEST(futex, a_word_that_has_changed_is_not_waited_for) {
  seam::futex_word word{1};
  EXPECT_EQ(seam::futex_wait(word, 0), seam::wake::changed);
}

TEST(futex, waits_at_least_until_the_deadline) {
  seam::futex_word word{0};
  auto const deadline = after(2ms);
  while (seam::futex_wait(word, 0, deadline) != seam::wake::timed_out) {
  }
  EXPECT_GE(clock::now(), deadline);
  EXPECT_EQ(seam::futex_wait(word, 0, time_point::min()), seam::wake::timed_out);
}

TEST(futex, a_parked_thread_is_woken) {
  seam::futex_word word{0};
  int value = 0;
  seam::thread waker([&] {
    value = 42;
    word.store(1, seam::release);
    seam::futex_wake(word, 1);
  });
  while (word.load(seam::acquire) == 0) seam::futex_wait(word, 0);
  EXPECT_EQ(value, 42);
}

TEST(futex, both_sides_name_themselves_and_go_to_the_machine) {
#if QUARTET_SIM
  struct : test::recording_machine {
    seam::wake futex_wait(std::uint32_t const*, std::uint32_t, time_point) noexcept override {
      return seam::wake::woken;
    }
  } m;
  seam::machine_scope const scope(m);
  seam::futex_word word{0};
  EXPECT_EQ(seam::futex_wait(word, 0), seam::wake::woken) << "the machine decides";
  seam::futex_wake(word, 1);
  EXPECT_EQ(m.count(seam::kind::futex_wait, &word), 1u);
  EXPECT_EQ(m.count(seam::kind::futex_wake, &word), 1u);
  EXPECT_TRUE(m.saw(seam::kind::futex_wait, "futex.test.cpp"));
  EXPECT_TRUE(m.saw(seam::kind::futex_wake, "futex.test.cpp"));
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}
