// SPDX-License-Identifier: Apache-2.0
// What is left of a schedule that fails: no switch and no thread that the failure does not need.
#include <cstdint>
#include <gtest/gtest.h>
#include <string>

#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/mutex.hpp>
#include <quartet/test/explore.hpp>

#include "support.hpp"

using namespace quartet;
using namespace explore_test;

TEST(explore, a_failed_check_is_shortened) {
  explore_failure const f = failure_of(half_withdrawal);
  EXPECT_EQ(f.kind, "a check failed");
  EXPECT_TRUE(contains(f.what, "the balance is not negative")) << f.what;
  EXPECT_EQ(f.switches, 1U);
  EXPECT_NE(f.token, f.shortest);
  explore_report r;
  r.failure = f;
  EXPECT_TRUE(contains(r.text(), "how it comes about, with 1 forced switch:\n")) << r.text();
}

TEST(explore, threads_that_a_failure_does_not_need_are_left_out) {
  explore_failure const f = failure_of([] {
    seam::atomic<int> written{0};
    seam::mutex a, b;
    auto const writes = [&] { written.fetch_add(1, seam::relaxed); };
    auto const both = [](seam::mutex& first, seam::mutex& second) {
      seam::guard one(first);
      seam::guard two(second);
    };
    seam::thread w(writes, "writes"), x(writes), y(writes), z(writes);
    seam::thread left([&] { both(a, b); }, "left"), right([&] { both(b, a); }, "right");
  });
  EXPECT_EQ(f.kind, "deadlock");
  EXPECT_EQ(f.left_out, 4U) << f.shortest;
  EXPECT_EQ(f.switches, 1U) << f.shortest;
  EXPECT_FALSE(contains(f.story, "\"writes")) << f.story;
}

TEST(explore, a_thread_that_the_body_counts_on_is_not_left_out) {
  explore_failure const f = failure_of([] {
    seam::atomic<int> n{0};
    auto const adds = [&] { n.store(n.load(seam::acquire) + 1, seam::release); };
    { seam::thread a(adds), b(adds), c(adds); }
    check(n.load(seam::acquire) == 3, "none is lost");
  });
  EXPECT_EQ(f.kind, "a check failed");
  EXPECT_EQ(f.left_out, 0U) << f.shortest;
}

TEST(explore, the_story_says_when_the_failure_became_inevitable) {
  explore_failure const f = failure_of(opposite_locks);
  ASSERT_TRUE(f.inevitable_after);
  std::size_t const lost = f.story.find("   from here on every continuation");
  ASSERT_NE(lost, f.story.npos) << f.story;
  // Once each has its first lock, and no sooner: the step of the second one is the last before it.
  std::string const before = f.story.substr(0, lost);
  EXPECT_TRUE(contains(before, "\"left\":\n")) << f.story;
  EXPECT_TRUE(contains(before, "\"right\":\n")) << f.story;
  std::size_t const last_line = before.rfind('\n', before.size() - 2);
  EXPECT_TRUE(contains(before.substr(last_line + 1), "seam::mutex::lock")) << f.story;
}

TEST(explore, one_switch_is_enough_for_a_deadlock_of_two) {
  for (std::uint64_t seed = 1; seed != 5; ++seed) {
    explore_failure const f = failure_of(opposite_locks, {.seed = seed});
    EXPECT_EQ(f.kind, "deadlock");
    EXPECT_EQ(f.switches, 1U) << f.shortest;
  }
}

TEST(explore, one_switch_is_enough_for_a_deadlock_of_two_tasks) {
  for (std::uint64_t seed = 1; seed != 5; ++seed) {
    explore_failure const f = failure_of(
        [] {
          mutex a, b;
          auto const both = [](mutex* first, mutex* second) -> task<> {
            auto const one = co_await first->scoped_lock();
            auto const two = co_await second->scoped_lock();
          };
          thread_pool pool({.workers = 2});
          auto x = pool.submit(both, &a, &b), y = pool.submit(both, &b, &a);
          x.blocking_get();
          y.blocking_get();
        },
        {.seed = seed});
    EXPECT_EQ(f.kind, "deadlock");
    EXPECT_EQ(f.switches, 1U) << f.shortest;
  }
}
