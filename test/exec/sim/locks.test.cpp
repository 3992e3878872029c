// SPDX-License-Identifier: Apache-2.0
// The quick ways of locks and data, and the full ones: a run cannot be told by which it went.
#define QUARTET_CHECK 1
#include <cstddef>
#include <gtest/gtest.h>
#include <vector>

#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;
using detail::sim::held;
using detail::sim::outline;
using detail::sim::plan;
using detail::sim::step;
using detail::sim::strategies;
using detail::sim::tape;
using detail::sim::verdict;
using detail::sim::world;

namespace {

void expect_same_locks(std::vector<held> const& a, std::vector<held> const& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i != a.size(); ++i) {
    EXPECT_EQ(a[i].object, b[i].object);
    EXPECT_EQ(a[i].where.line, b[i].where.line);
  }
}

void expect_same(outline const& a, outline const& b) {
  EXPECT_EQ(a.how, b.how);
  EXPECT_EQ(a.trace_hash, b.trace_hash);
  EXPECT_EQ(a.class_hash, b.class_hash);
  EXPECT_EQ(a.points, b.points);
  EXPECT_EQ(a.switches, b.switches);
  EXPECT_EQ(a.data, b.data);
  EXPECT_EQ(a.thread, b.thread);
  EXPECT_EQ(a.where.line, b.where.line);
  expect_same_locks(a.first.holds, b.first.holds);
  expect_same_locks(a.second.holds, b.second.holds);
  ASSERT_EQ(a.left.size(), b.left.size());
  for (std::size_t i = 0; i != a.left.size(); ++i) {
    EXPECT_EQ(a.left[i].thread, b.left[i].thread);
    EXPECT_EQ(a.left[i].waits, b.left[i].waits);
    EXPECT_EQ(a.left[i].for_lock, b.left[i].for_lock);
    EXPECT_EQ(a.left[i].holder, b.left[i].holder);
    EXPECT_EQ(a.left[i].object, b.left[i].object);
    EXPECT_EQ(a.left[i].last.where.line, b.left[i].last.where.line);
    expect_same_locks(a.left[i].holds, b.left[i].holds);
  }
}

/// Runs it as it is and once more recorded, which takes the full ways. How many did not end well.
template <class F> int both_ways(F body) {
  std::vector<std::byte> memory(tape<step>::bytes_for(4));
  tape<step> steps(memory.data(), memory.size());
  world w;
  strategies all;
  int failed = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    plan const p = plan::of(seed, 40);
    outline const quick = w.run(all.of(p), {.seed = seed, .gang_start = p.gang_start}, body);
    outline const full =
        w.run(all.of(p), {.seed = seed, .gang_start = p.gang_start, .record = &steps}, body);
    expect_same(quick, full);
    failed += quick.how == verdict::ended ? 0 : 1;
    if (testing::Test::HasFailure()) break;
  }
  return failed;
}

}  // namespace

TEST(locks, given_back_in_any_order_and_tried_both_ways_are_the_same_run) {
  EXPECT_EQ(both_ways([] {
              seam::mutex a, b;
              shared<int> of_a{0}, of_b{0}, of_both{0};
              std::vector<seam::thread> threads;
              for (int t = 0; t != 3; ++t)
                threads.emplace_back([&] {
                  a.lock();
                  ++of_a;
                  b.lock();
                  ++of_both;
                  a.unlock();
                  ++of_b;
                  b.unlock();
                  if (!b.try_lock()) return;
                  ++of_b;
                  b.unlock();
                });
              for (seam::thread& t : threads) t.join();
              check(of_a == 3 && of_both == 3 && of_b >= 3);
            }),
            0);
}

TEST(locks, that_are_waited_for_for_ever_are_named_the_same) {
  EXPECT_GT(both_ways([] {
              seam::mutex a, b, c;
              seam::thread one([&] {
                seam::guard const first(a);
                seam::guard const second(b);
              });
              seam::thread two([&] {
                seam::guard const first(b);
                seam::guard const second(a);
              });
              seam::thread three([&] {
                seam::guard const first(c);
                seam::guard const second(a);
              });
            }),
            20);
}

TEST(locks, those_of_a_race_are_the_same) {
  EXPECT_GT(both_ways([] {
              seam::mutex a, b;
              shared<int> count{0};
              seam::thread one([&] {
                seam::guard const outer(a);
                seam::guard const inner(b);
                ++count;
              });
              seam::thread two([&] {
                seam::guard const other(a);
                ++count;
              });
              seam::thread three([&] {
                seam::guard const other(b);
                check(count <= 2);
              });
            }),
            20);
}

TEST(locks, a_check_that_fails_under_one_finds_those_who_want_it_waiting) {
  EXPECT_EQ(both_ways([] {
              seam::mutex a;
              shared<int> count{0};
              std::vector<seam::thread> threads;
              for (int t = 0; t != 4; ++t)
                threads.emplace_back([&] {
                  seam::guard const g(a);
                  check(++count != 3);
                });
            }),
            400);
}

TEST(locks, more_threads_than_a_clock_has_near_are_the_same_run) {
  EXPECT_EQ(both_ways([] {
              seam::mutex a;
              shared<int> count{0};
              std::vector<seam::thread> threads;
              for (int t = 0; t != 20; ++t)
                threads.emplace_back([&] {
                  for (int i = 0; i != 2; ++i) {
                    seam::guard const g(a);
                    ++count;
                  }
                });
              for (seam::thread& t : threads) t.join();
              check(count == 40);
            }),
            0);
}
