// SPDX-License-Identifier: Apache-2.0
// Exploring: deadlocks and races are found, explained and brought back; what is right stays silent.
#define QUARTET_CHECK 1
#include <gtest/gtest.h>
#include <string>

#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/event.hpp>
#include <quartet/sync/mutex.hpp>
#include <quartet/test/explore.hpp>

#include "support.hpp"

using namespace quartet;
using namespace explore_test;

namespace {

void lost_update() {
  shared<int> n{0};
  seam::thread a([&] { ++n; }, "adds");
  seam::thread b([&] { n += 2; }, "adds two");
}

}  // namespace

TEST(explore, what_is_right_passes_and_says_how_much_was_tried) {
  explore_report const r = explore({.schedules = 300}, [] {
    seam::mutex m;
    shared<int> n{0};
    auto const count = [&] {
      seam::guard g(m);
      ++n;
    };
    { seam::thread a(count), b(count); }
    check(n == 2);
  });
  EXPECT_TRUE(r.passed()) << r.text();
  EXPECT_EQ(r.schedules, 301U);  // and the measuring one
  EXPECT_GE(r.classes, 2U);
  EXPECT_TRUE(contains(r.text(), "incomplete"));
}

TEST(explore, a_deadlock_is_explained) {
  explore_failure const f = failure_of(opposite_locks);
  EXPECT_EQ(f.kind, "deadlock");
  EXPECT_TRUE(contains(f.what, "a cycle: \"left\" -> \"right\" -> \"left\"")) << f.what;
  EXPECT_TRUE(contains(f.what, "\"left\" waits for lock #")) << f.what;
  EXPECT_TRUE(contains(f.what, "which \"right\" holds")) << f.what;
  EXPECT_TRUE(contains(f.what, "test/test/support.hpp:")) << f.what;
  EXPECT_TRUE(contains(f.story, "\"left\":\n")) << f.story;
  EXPECT_TRUE(contains(f.story, "seam::mutex::lock")) << f.story;
}

TEST(explore, a_deadlock_of_tasks_names_the_tasks) {
  for (bool const on_pool : {false, true}) {
    explore_failure const f = failure_of([on_pool] {
      mutex a, b;
      auto const both = [](mutex* first, mutex* second) -> task<> {
        auto const one = co_await first->scoped_lock();
        co_await yield();
        auto const two = co_await second->scoped_lock();
      };
      auto const cross = [&](auto& ex) {
        auto x = ex.submit(submit_options{.name = "left"}, both, &a, &b);
        auto y = ex.submit(submit_options{.name = "right"}, both, &b, &a);
        x.blocking_get();
        y.blocking_get();
      };
      if (on_pool) {
        thread_pool pool({.workers = 2});
        cross(pool);
      } else {
        event_loop loop;
        cross(loop);
      }
    });
    EXPECT_EQ(f.kind, "deadlock");
    EXPECT_TRUE(contains(f.what, "\"left\" -> \"right\" -> \"left\"") ||
                contains(f.what, "\"right\" -> \"left\" -> \"right\""))
        << f.what;
    EXPECT_TRUE(contains(f.what, "\"left\" waits for lock #")) << f.what;
    EXPECT_TRUE(contains(f.what, "which \"right\" holds, holds lock #")) << f.what;
    EXPECT_TRUE(contains(f.what, "explore.test.cpp:")) << f.what;
  }
}

TEST(explore, a_task_that_nobody_resumes_is_named) {
  explore_failure const f = failure_of([] {
    event never_set;
    event_loop loop;
    auto const waits = [](event* e) -> task<> { co_await e->wait(); };
    loop.submit(submit_options{.name = "patient"}, waits, &never_set).blocking_get();
  });
  EXPECT_EQ(f.kind, "deadlock");
  EXPECT_TRUE(contains(f.what, "\"patient\" waits at ")) << f.what;
  EXPECT_TRUE(contains(f.what, "explore.test.cpp:")) << f.what;
}

TEST(explore, a_race_names_both_lines) {
  explore_failure const f = failure_of(lost_update);
  EXPECT_EQ(f.kind, "data race");
  EXPECT_TRUE(contains(f.what, "\"adds\" writes at ")) << f.what;
  EXPECT_TRUE(contains(f.what, "\"adds two\" writes at ")) << f.what;
  EXPECT_TRUE(contains(f.what, "explore.test.cpp:")) << f.what;
  EXPECT_TRUE(contains(f.what, "holds no lock")) << f.what;
}

TEST(explore, goals_that_no_run_reached_are_named) {
  auto const body = [] {
    seam::atomic<int> n{0};
    seam::thread a([&] { n.fetch_add(1, seam::relaxed); });
    sometimes(n.load(seam::relaxed) == 1, "the thread is first");
    sometimes(n.load(seam::relaxed) == 7, "there are seven");
  };
  explore_report const r = explore({.schedules = 100}, body);
  ASSERT_EQ(r.unreached.size(), 1U) << r.text();
  EXPECT_TRUE(contains(r.unreached[0], "there are seven"));
  EXPECT_FALSE(r.passed());
  EXPECT_TRUE(contains(r.text(), "never came true: there are seven"));
}

TEST(explore, several_explorers_share_the_schedules) {
  explore_report const r =
      explore({.schedules = 200, .explorers = 3}, [] { seam::thread a([] {}), b([] {}); });
  EXPECT_TRUE(r.passed()) << r.text();
  EXPECT_EQ(r.schedules, 203U);
  EXPECT_EQ(failure_of(half_withdrawal, {.explorers = 2}).kind, "a check failed");
}

TEST(explore, uses_of_data_may_be_decisions) {
  auto const body = [] {
    seam::atomic<int> n{0};
    shared<int> mine{0};
    seam::thread a([&] { n.store(n.load(seam::relaxed) + 1, seam::relaxed); });
    ++mine;
  };
  EXPECT_TRUE(explore({.schedules = 50, .uses_decide = true}, body).passed());
}

TEST(explore, the_real_pool_is_explored) {
  explore_report const r = explore({.schedules = 100}, [] {
    thread_pool pool({.workers = 2});
    check(pool.submit([] { return 20; }).blocking_get() == 20);
  });
  EXPECT_TRUE(r.passed()) << r.text();
}
