// SPDX-License-Identifier: Apache-2.0
// What goes wrong only under faults, and what no program may rely on.
#include <gtest/gtest.h>
#include <new>

#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/test/explore.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using namespace explore_test;

TEST(explore, faults_strike_where_the_program_says_they_may) {
  auto const body = [] { check(!fault_point("the disk is full")); };
  EXPECT_TRUE(explore({.schedules = 100}, body).passed());
  EXPECT_EQ(failure_of(body, {.faults_percent = 25}).kind, "a check failed");
}

TEST(explore, after_the_faults_the_program_must_recover) {
  auto const body = [](bool gives_up) {
    seam::atomic<bool> written{false};
    seam::thread writer([&] {
      auto const write = [&] {
        bool const full = fault_point("the disk is full");
        if (!full) written.store(true, seam::relaxed);
        return !full;
      };
      if (!write() && gives_up) return;
      faults_end();
      write();
    });
    writer.join();
    check(written.load(seam::relaxed), "it is written in the end");
  };
  auto const recovers = [&] { body(false); };
  explore_report const r = explore({.schedules = 300, .faults_percent = 50}, recovers);
  EXPECT_TRUE(r.passed()) << r.text();
  auto const gives_up = [&] { body(true); };
  explore_failure const f = failure_of(gives_up, {.faults_percent = 50});
  EXPECT_TRUE(contains(f.what, "it is written in the end")) << f.what;
}

TEST(explore, a_wait_may_end_for_no_reason) {
  auto const body = [] {
    seam::mutex m;
    seam::condition news;
    bool there = false;
    seam::thread waits([&] {
      seam::guard g(m);
      if (!there) news.wait(m);
      check(there, "what was waited for is there");
    });
    seam::thread tells([&] {
      seam::guard g(m);
      there = true;
      news.notify_one();
    });
  };
  explore_failure const f = failure_of(body);
  EXPECT_EQ(f.kind, "a check failed");
  EXPECT_TRUE(contains(f.story, "wakes for no reason")) << f.story;
  EXPECT_TRUE(explore({.schedules = 1000, .surprises = false}, body).passed());
}

TEST(explore, a_weak_compare_exchange_may_fail_for_no_reason) {
  auto const body = [](bool again) {
    seam::atomic<int> n{0};
    int seen = 0;
    do {
      if (n.compare_exchange_weak(seen, 1, seam::relaxed, seam::relaxed)) break;
    } while (again);
    check(n.load(seam::relaxed) == 1);
  };
  auto const once = [&] { body(false); };
  explore_failure const f = failure_of(once);
  EXPECT_TRUE(contains(f.story, "fails for no reason")) << f.story;
  EXPECT_TRUE(explore({.schedules = 1000, .surprises = false}, once).passed());
  EXPECT_TRUE(explore({.schedules = 1000}, [&] { body(true); }).passed());
}

TEST(explore, memory_for_a_coroutine_may_run_out) {
  auto const body = [] {
    event_loop loop;
    auto f = loop.submit([]() -> task<int> { co_return 1; });
    try {
      check(f.blocking_get() == 1);
    } catch (std::bad_alloc const&) {
      check(false, "there was no memory");
    }
  };
  explore_failure const f = failure_of(body, {.memory_faults_percent = 10});
  EXPECT_TRUE(contains(f.what, "there was no memory")) << f.what;
  EXPECT_TRUE(contains(f.story, "no memory  ")) << f.story;
  EXPECT_TRUE(explore({.schedules = 300}, body).passed());
}

TEST(explore, a_thread_may_take_its_time) {
  auto const body = [] {
    seam::mutex m;
    seam::condition news;
    bool there = false;
    seam::thread tells([&] {
      seam::guard g(m);
      there = true;
      news.notify_one();
    });
    seam::guard g(m);
    time_point const until = clock::now() + 1ms;
    while (!there && news.wait(m, until) != seam::wake::timed_out) continue;
    check(there, "no time is needed for it");
  };
  explore_failure const f = failure_of(body, {.slow_percent = 5});
  EXPECT_TRUE(contains(f.story, "takes its time")) << f.story;
  EXPECT_TRUE(explore({.schedules = 1000}, body).passed());
}
