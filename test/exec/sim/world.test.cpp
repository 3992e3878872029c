// SPDX-License-Identifier: Apache-2.0
// Simulated threads: races that a seed finds and brings back, virtual time, and the real executors.
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/channel.hpp>

using namespace quartet;
using namespace std::chrono_literals;
using detail::sim::outline;
using detail::sim::verdict;
using detail::sim::world;

namespace {

/// Two threads that count, each once; how far they got.
template <class Count> int two_counters(std::uint64_t seed, Count count, outline* how = nullptr) {
  seam::atomic<int> n{0};
  world w;
  outline const o = w.run(seed, {}, [&] {
    seam::thread a([&] { count(n); });
    seam::thread b([&] { count(n); });
  });
  EXPECT_EQ(o.how, verdict::ended);
  if (how != nullptr) *how = o;
  return n.load(seam::relaxed);
}
void loses_updates(seam::atomic<int>& n) { n.store(n.load(seam::relaxed) + 1, seam::relaxed); }
void keeps_updates(seam::atomic<int>& n) { n.fetch_add(1, seam::relaxed); }

}  // namespace

TEST(world, a_lost_update_is_found_and_its_seed_brings_it_back) {
  std::uint64_t seed = 1;
  while (seed < 1000 && two_counters(seed, loses_updates) == 2) ++seed;
  ASSERT_LT(seed, 1000U);
  for (int again = 0; again != 10; ++again) EXPECT_EQ(two_counters(seed, loses_updates), 1);
  for (std::uint64_t s = 1; s != 1000; ++s) ASSERT_EQ(two_counters(s, keeps_updates), 2) << s;
}

TEST(world, equal_seeds_give_equal_traces_and_others_differ) {
  std::set<std::uint64_t> traces;
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    outline first, second;
    two_counters(seed, loses_updates, &first);
    two_counters(seed, loses_updates, &second);
    EXPECT_EQ(first.trace_hash, second.trace_hash);
    EXPECT_EQ(first.points, second.points);
    EXPECT_EQ(first.switches, second.switches);
    traces.insert(first.trace_hash);
  }
  EXPECT_GT(traces.size(), 5U);
}

TEST(world, runs_that_differ_only_in_the_order_of_what_is_independent_are_of_one_class) {
  auto const classes = [](bool one_object) {
    std::set<std::uint64_t> traces, kinds;
    world w;
    for (std::uint64_t seed = 1; seed != 300; ++seed) {
      outline const o = w.run(seed, {.gang_start = true}, [&] {
        seam::atomic<int> x{0}, y{0};
        seam::atomic<int>& other = one_object ? x : y;
        seam::thread a([&] { x.store(1, seam::relaxed), x.store(2, seam::relaxed); });
        seam::thread b([&] { other.store(3, seam::relaxed), other.store(4, seam::relaxed); });
      });
      traces.insert(o.trace_hash);
      kinds.insert(o.class_hash);
    }
    EXPECT_GT(traces.size(), 5U);
    return kinds.size();
  };
  EXPECT_EQ(classes(false), 1U);
  EXPECT_GE(classes(true), 6U);  // the orders of two and two
}

TEST(world, two_locks_in_opposite_order_deadlock_under_some_seeds_and_it_says_who_stands_where) {
  int deadlocks = 0;
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    seam::mutex a, b;
    auto const both = [](seam::mutex& first, seam::mutex& second) {
      first.lock();
      second.lock();
      second.unlock();
      first.unlock();
    };
    world w;
    outline const o = w.run(seed, {}, [&] {
      seam::thread x([&] { both(a, b); }, "x");
      seam::thread y([&] { both(b, a); }, "y");
    });
    if (o.how == verdict::ended) continue;
    ASSERT_EQ(o.how, verdict::deadlock);
    ASSERT_EQ(o.left.size(), 3U);  // main joins them
    EXPECT_EQ(o.left[0].last.what, seam::kind::thread_join);
    EXPECT_EQ(o.left[1].name, "x");
    EXPECT_EQ(o.left[1].last.what, seam::kind::lock);
    EXPECT_EQ(o.left[2].last.what, seam::kind::lock);
    EXPECT_NE(std::string(o.left[1].last.where.file).find("world.test.cpp"), std::string::npos);
    ++deadlocks;
  }
  EXPECT_GT(deadlocks, 0);
  EXPECT_LT(deadlocks, 99);
}

TEST(world, a_lost_wake_up_is_a_deadlock) {
  int lost = 0;
  for (std::uint64_t seed = 1; seed != 200; ++seed) {
    seam::mutex m;
    seam::condition c;
    seam::atomic<bool> set{false};
    world w;
    outline const o = w.run(seed, {}, [&] {
      seam::thread waits([&] {
        if (set.load(seam::acquire)) return;  // tested outside the lock
        m.lock();
        c.wait(m);
        m.unlock();
      });
      seam::thread sets([&] {
        set.store(true, seam::release);
        c.notify_one();
      });
    });
    lost += o.how == verdict::deadlock ? 1 : 0;
  }
  EXPECT_GT(lost, 0);
}

TEST(world, a_loop_without_end_is_ended_after_so_many_points) {
  seam::atomic<bool> never_set{false};
  world w;
  detail::sim::strategies all;
  outline const o = w.run(all.of({}), {.seed = 1, .points_max = 10'000}, [&] {
    while (!never_set.load(seam::relaxed)) seam::yield_thread();
  });
  EXPECT_EQ(o.how, verdict::endless);
}

TEST(world, time_passes_when_nobody_can_go_on_and_to_the_next_deadline) {
  std::vector<int> order;
  world w;
  outline const o = w.run(7, {}, [&] {
    auto const sleeps = [&](int hours) {
      seam::futex_word word{0};
      EXPECT_EQ(seam::futex_wait(word, 0, after(std::chrono::hours(hours))), seam::wake::timed_out);
      order.push_back(hours);
    };
    seam::thread a([&] { sleeps(24); });
    seam::thread b([&] { sleeps(3); });
    seam::thread c([&] { sleeps(7); });
  });
  EXPECT_EQ(o.how, verdict::ended);
  EXPECT_EQ(o.time, 24h);
  EXPECT_EQ(order, (std::vector{3, 7, 24}));
}

TEST(world, the_real_pool_runs_in_it) {
  std::set<std::uint64_t> traces;
  for (std::uint64_t seed = 1; seed != 200; ++seed) {
    int result = 0;
    world w;
    outline const o = w.run(seed, {}, [&] {
      thread_pool pool({.workers = 2});
      auto const nested = [&pool] { return pool.submit([] { return 20; }).blocking_get() + 1; };
      auto a = pool.submit(nested), b = pool.submit(nested);
      result = a.blocking_get() + b.blocking_get();
    });
    ASSERT_EQ(o.how, verdict::ended) << "seed " << seed;
    ASSERT_EQ(result, 42) << "seed " << seed;
    traces.insert(o.trace_hash);
  }
  EXPECT_GT(traces.size(), 190U);
}

// The executor ends with its last call; whoever still asks for the result must not look at it.
TEST(world, a_thread_may_ask_for_a_result_while_the_loop_ends) {
  for (std::uint64_t seed = 1; seed != 1000; ++seed) {
    int got = 0;
    world w;
    outline const o = w.run(seed, {}, [&] {
      auto loop = std::make_unique<event_loop>();
      auto f = loop->submit([] { return 7; });
      seam::thread asks([&got, f = std::move(f)]() mutable { got = f.blocking_get(); });
      loop.reset();
    });
    ASSERT_EQ(o.how, verdict::ended) << "seed " << seed;
    ASSERT_EQ(got, 7) << "seed " << seed;
  }
}

TEST(world, the_real_loop_sleeps_and_hears_from_other_threads_in_it) {
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    std::vector<int> got;
    world w;
    outline const o = w.run(seed, {}, [&] {
      event_loop loop;
      channel<int> numbers(1);
      seam::thread sender([&] {
        for (int i = 0; i != 3; ++i) numbers.blocking_send(i);
        numbers.close();
      });
      auto const receives = [](channel<int>* from, std::vector<int>* to) -> task<> {
        while (auto n = co_await from->recv()) {
          to->push_back(*n);
          co_await sleep_for(8h);
        }
      };
      loop.submit(receives, &numbers, &got).blocking_get();
    });
    ASSERT_EQ(o.how, verdict::ended) << "seed " << seed;
    ASSERT_EQ(got, (std::vector{0, 1, 2})) << "seed " << seed;
    ASSERT_EQ(o.time, 24h) << "seed " << seed;
  }
}
