// SPDX-License-Identifier: Apache-2.0
// Every schedule instead of a sample.
#define QUARTET_CHECK 1
#include <gtest/gtest.h>

#include <quartet/seam/invariant.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/test/explore.hpp>

#include "support.hpp"

using namespace quartet;
using namespace explore_test;

TEST(explore, every_schedule_of_a_small_body_is_tried_and_the_report_says_so) {
  auto const counts = [] {
    seam::mutex m;
    shared<int> n{0};
    auto const count = [&] {
      seam::guard g(m);
      ++n;
    };
    seam::thread a(count), b(count);
  };
  explore_report const all = explore({.exhaustive = true}, counts);
  EXPECT_TRUE(all.passed()) << all.text();
  EXPECT_EQ(all.how, coverage::complete) << all.text();
  EXPECT_TRUE(contains(all.text(), "complete\n")) << all.text();
  explore_report const bounded = explore({.exhaustive = true, .preemptions_max = 1}, counts);
  EXPECT_EQ(bounded.how, coverage::complete_to_bound) << bounded.text();
  explore_report const few = explore({.schedules = 1, .exhaustive = true}, counts);
  EXPECT_EQ(few.how, coverage::incomplete) << few.text();
}

TEST(explore, what_an_exhaustive_search_finds_comes_back_by_its_token) {
  explore_failure const f = failure_of(half_withdrawal, {.exhaustive = true});
  EXPECT_EQ(f.kind, "a check failed");
  EXPECT_EQ(failure_of(opposite_locks, {.exhaustive = true}).kind, "deadlock");
}

// Each alone is fine; the invariant looks between steps that have nothing to do with each other.
TEST(explore, an_exhaustive_search_for_a_broken_invariant_leaves_no_order_out) {
  explore_failure const f = failure_of(
      [] {
        seam::atomic<int> a{0}, b{0};
        invariant const together(
            [&] { return !(a.load(seam::relaxed) == 1 && b.load(seam::relaxed) == 0); }, "b first");
        seam::thread x([&] { a.store(1, seam::relaxed); });
        seam::thread y([&] { b.store(1, seam::relaxed); });
      },
      {.exhaustive = true});
  EXPECT_EQ(f.kind, "a broken invariant");
}

TEST(explore, an_exhaustive_search_notices_a_body_that_does_not_repeat_itself) {
  int runs = 0;
  explore_report const r = explore({.exhaustive = true}, [&] {
    seam::atomic<int> n{0};
    int const steps = 1 + ++runs % 3;
    auto const counts = [&] {
      for (int i = 0; i != steps; ++i) n.fetch_add(1, seam::relaxed);
    };
    seam::thread a(counts), b(counts);
  });
  ASSERT_TRUE(r.failure);
  EXPECT_EQ(r.failure->kind, "nondeterminism that nobody controls");
}
