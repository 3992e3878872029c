// SPDX-License-Identifier: Apache-2.0
// Each way in which a run can end badly, a deadlock and a race apart, and its words.
#include <csignal>
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <unistd.h>

#include <quartet/seam/invariant.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/channel.hpp>
#include <quartet/test/explore.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using namespace explore_test;

TEST(explore, a_broken_invariant_names_the_step_that_broke_it) {
  explore_failure const f = failure_of([] {
    seam::atomic<int> inside{0};
    invariant const alone([&] { return inside.load(seam::relaxed) < 2; }, "one at a time");
    auto const enter = [&] {
      while (inside.load(seam::relaxed) != 0) {
      }
      inside.fetch_add(1, seam::relaxed);
      inside.fetch_sub(1, seam::relaxed);
    };
    seam::thread a(enter), b(enter);
  });
  EXPECT_EQ(f.kind, "a broken invariant");
  EXPECT_TRUE(contains(f.what, "one at a time, at ")) << f.what;
  EXPECT_TRUE(contains(f.what, "fetch_")) << f.what;
  EXPECT_TRUE(contains(f.what, "explore_ends.test.cpp:")) << f.what;
  EXPECT_LE(f.switches, 3U);
}

TEST(explore, an_exception_out_of_the_body_is_a_failure) {
  explore_failure const f = failure_of([] { throw std::runtime_error("no more tea"); });
  EXPECT_EQ(f.kind, "an exception");
  EXPECT_TRUE(contains(f.what, "no more tea"));
}

TEST(explore, a_crash_is_a_failure_with_a_number) {
  explore_failure const f = failure_of([] {
    seam::atomic<int> stage{0};
    seam::thread a([&] { stage.store(1, seam::relaxed); });
    seam::thread b([&] {
      if (stage.load(seam::relaxed) == 1) raise(SIGKILL);
    });
  });
  EXPECT_TRUE(contains(f.kind, "a crash, Killed")) << f.kind;
  EXPECT_TRUE(contains(f.story, "load")) << f.story;
}

TEST(explore, the_end_of_the_process_is_a_failure) {
  explore_failure const f = failure_of([] { _exit(3); });
  EXPECT_EQ(f.kind, "the process ended with code 3");
}

TEST(explore, an_assertion_shows_its_words) {
  explore_failure const f = failure_of([] { QUARTET_ASSERT(false, "the roof leaks"); });
  EXPECT_TRUE(contains(f.what, "the roof leaks")) << f.what;
}

TEST(explore, a_step_that_does_not_come_back_is_a_hang) {
  explore_failure const f = failure_of(
      [] {
        for (bool volatile goes_on = true; goes_on;) {
        }
      },
      {.hang_after = 300ms});
  EXPECT_EQ(f.kind, "a hang");
}

TEST(explore, a_run_without_end_is_a_failure) {
  explore_failure const f = failure_of(
      [] {
        seam::atomic<bool> never_set{false};
        while (!never_set.load(seam::relaxed)) {
        }
      },
      {.points_max = 10'000});
  EXPECT_EQ(f.kind, "a run without an end");
}

TEST(explore, a_wake_up_that_is_lost_behind_a_deadline_is_a_stall) {
  auto const body = [] {
    channel<int> c(1);
    seam::thread receives([&] {
      try {
        static_cast<void>(c.blocking_recv_for(10s));
      } catch (timed_out const&) {
      }
    });
  };
  EXPECT_EQ(failure_of(body).kind, "stall");
  EXPECT_TRUE(explore({.schedules = 10, .stall_min = duration::max()}, body).passed());
}

TEST(explore, a_thread_that_is_left_behind_is_a_failure) {
  explore_failure const f = failure_of([] {
    static std::unique_ptr<seam::thread> kept;
    auto const word = std::make_shared<seam::futex_word>(0);
    kept.release();
    kept = std::make_unique<seam::thread>([word] { seam::futex_wait(*word, 0); }, "left");
  });
  EXPECT_EQ(f.kind, "a thread left behind");
  EXPECT_TRUE(contains(f.what, "\"left\" waits at")) << f.what;
}

TEST(explore, what_the_simulator_does_not_decide_is_reported_as_that) {
  int runs = 0;
  explore_report const r = explore({.schedules = 100}, [&] {
    seam::atomic<int> n{0};
    for (int i = 0; i != runs; ++i) n.store(i, seam::relaxed);
    ++runs;
    check(runs != 50);
  });
  ASSERT_TRUE(r.failure);
  EXPECT_EQ(r.failure->kind, "nondeterminism that nobody controls");
}
