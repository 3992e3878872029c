// SPDX-License-Identifier: Apache-2.0
// Circles of waits that close at once, under many schedules: one wait is refused, and only one.
#include <optional>

#include <quartet/base/errors.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/event.hpp>

#include "races/explored.hpp"

using namespace quartet;
using test::explored;

namespace {

using kept = std::optional<future<int>>;

/// How often a wait was refused.
struct circle {
  kept a{}, b{};
  event both_made;
  seam::atomic<int> refused{0};

  int block_for(kept* of) {
    both_made.blocking_wait();
    try {
      return (*of)->blocking_get() + 1;
    } catch (would_deadlock const&) {
      refused.fetch_add(1, seam::relaxed);
      return 0;
    }
  }
  task<int> wait_for(kept* of) {
    co_await both_made.wait();
    int got = -1;
    try {
      got = co_await **of;
    } catch (would_deadlock const&) {
      refused.fetch_add(1, seam::relaxed);
    }
    co_return got + 1;
  }
};

}  // namespace

TEST(races, of_two_threads_that_wait_for_each_other_one_is_refused) {
  explored(2000, [] {
    circle c;
    {
      thread_pool pool({.workers = 2});
      c.a.emplace(pool.submit([&] { return c.block_for(&c.b); }));
      c.b.emplace(pool.submit([&] { return c.block_for(&c.a); }));
      c.both_made.set();
    }
    EXPECT_EQ(c.refused.load(seam::relaxed), 1);
  });
}

TEST(races, of_two_tasks_that_wait_for_each_other_one_is_refused) {
  explored(2000, [] {
    circle c;
    {
      thread_pool pool({.workers = 2});
      c.a.emplace(pool.submit([&] { return c.wait_for(&c.b); }));
      c.b.emplace(pool.submit([&] { return c.wait_for(&c.a); }));
      c.both_made.set();
    }
    EXPECT_EQ(c.refused.load(seam::relaxed), 1);
  });
}

// The one wait is for a call of its own, so it looks only if it sees the other one.
TEST(races, a_circle_of_an_own_call_and_a_strange_one_is_refused_on_one_side) {
  explored(2000, [] {
    circle c;
    {
      thread_pool pool({.workers = 2});
      c.a.emplace(pool.submit([&] {
        kept own(pool.submit([&] { return c.block_for(&c.a); }));
        return c.block_for(&own);
      }));
      c.both_made.set();
    }
    EXPECT_EQ(c.refused.load(seam::relaxed), 1);
  });
}

// Others end their waits while somebody looks along them.
TEST(races, waits_end_while_somebody_looks_for_a_circle) {
  explored(2000, [] {
    circle c;
    int got = 0;
    {
      thread_pool pool({.workers = 2});
      kept first(pool.submit([] { return 1; }));
      c.a.emplace(pool.submit([&] { return c.block_for(&first); }));
      c.b.emplace(pool.submit([&] { return c.wait_for(&c.a); }));
      c.both_made.set();
      got = c.b->blocking_get();
    }
    EXPECT_EQ(got, 3);
    EXPECT_EQ(c.refused.load(seam::relaxed), 0);
  });
}
