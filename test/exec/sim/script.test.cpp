// SPDX-License-Identifier: Apache-2.0
// Schedules as texts: what is recorded is repeated, and shortened without losing its failure.
#include <algorithm>
#include <cstddef>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

#include <quartet/exec/sim/detail/minimise.hpp>
#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;
using namespace detail::sim;

namespace {

void two_locks_in_opposite_order() {
  seam::mutex a, b;
  seam::atomic<int> noise{0};
  auto const both = [&](seam::mutex& first, seam::mutex& second) {
    for (int i = 0; i != 5; ++i) noise.fetch_add(1, seam::relaxed);
    first.lock();
    second.lock();
    second.unlock();
    first.unlock();
    for (int i = 0; i != 5; ++i) noise.fetch_add(1, seam::relaxed);
  };
  seam::thread x([&] { both(a, b); });
  seam::thread y([&] { both(b, a); });
}

/// A seed whose run deadlocks, recorded.
script recorded_deadlock(world& w, std::uint64_t& seed, outline& o) {
  strategies all;
  std::vector<std::max_align_t> memory(1000);
  tape<deviation> written(memory.data(), memory.size() * sizeof(memory[0]));
  recorder records(all.of({}), written);
  for (seed = 1; seed != 1000; ++seed) {
    o = w.run(records, {.seed = seed}, two_locks_in_opposite_order);
    if (o.how == verdict::deadlock) break;
  }
  return {written.written().begin(), written.written().end()};
}

}  // namespace

TEST(script, its_text_says_all_of_it) {
  using enum differs;
  script const s{{turn, 1, 5, 2}, {outcome, 0, 1, 3}, {turn, 12, 345678901234, 7}, {absence, 4}};
  EXPECT_EQ(to_text(s), "t1.5-2,p0.1-3,t12.345678901234-7,x4");
  EXPECT_EQ(script_of(to_text(s)), s);
  EXPECT_EQ(script_of(""), script());
}

TEST(script, what_is_no_script_is_refused) {
  for (char const* const bad : {"x1.5-2", "x", "x4.", "y1.5-2", "4", "t1.5", "t1-5.2", "t.5-2",
                                "t1.5-2 ", "1.5-2", "t1.5-"})
    EXPECT_FALSE(script_of(bad)) << bad;
}

TEST(script, without_deviations_threads_run_one_after_the_other) {
  world w;
  scripted plain;
  std::vector<std::max_align_t> memory(1000);
  tape<step> steps(memory.data(), memory.size() * sizeof(memory[0]));
  outline const o = w.run(plain, {.record = &steps}, two_locks_in_opposite_order);
  EXPECT_EQ(o.how, verdict::ended);
  unsigned last = 0;
  int turns = 0;
  for (step const& s : steps.written()) turns += std::exchange(last, s.thread) != s.thread ? 1 : 0;
  EXPECT_LE(turns, 4);
}

TEST(script, what_was_recorded_is_repeated_step_by_step) {
  world w;
  std::uint64_t seed = 0;
  outline first;
  script const s = recorded_deadlock(w, seed, first);
  ASSERT_EQ(first.how, verdict::deadlock);
  scripted again(s);
  outline const o = w.run(again, {.seed = seed}, two_locks_in_opposite_order);
  EXPECT_EQ(o.how, verdict::deadlock);
  EXPECT_EQ(o.trace_hash, first.trace_hash);
}

TEST(script, a_deadlock_of_two_needs_one_deviation) {
  world w;
  std::uint64_t seed = 0;
  outline first;
  script const s = recorded_deadlock(w, seed, first);
  int tries = 0;
  scripted runs;
  auto const deadlocks = [&](script const& candidate) {
    ++tries;
    runs.follow(candidate);
    return w.run(runs, {.seed = seed}, two_locks_in_opposite_order).how == verdict::deadlock;
  };
  script const least = minimise(s, deadlocks);
  EXPECT_EQ(least.size(), 1U) << to_text(least);
  EXPECT_TRUE(deadlocks(least));
  EXPECT_LT(tries, 100);
}

TEST(script, minimising_keeps_exactly_what_is_needed) {
  script all;
  for (unsigned i = 0; i != 40; ++i) all.push_back({differs::turn, i, 1, 0});
  auto const needs_three = [](script const& s) {
    int n = 0;
    for (deviation const& d : s) n += d.thread == 3 || d.thread == 17 || d.thread == 38 ? 1 : 0;
    return n == 3;
  };
  script const least = minimise(all, needs_three);
  ASSERT_EQ(least.size(), 3U);
  EXPECT_TRUE(needs_three(least));
  EXPECT_TRUE(minimise(all, [](script const&) { return true; }).empty());
  EXPECT_EQ(minimise(all, [](script const&) { return false; }).size(), 40U);
}

TEST(script, one_switch_takes_the_place_of_several_and_of_what_they_needed) {
  script const several{
      {differs::turn, 0, 2, 1}, {differs::outcome, 2, 1, 1}, {differs::turn, 1, 3, 2}};
  script const one{{differs::turn, 2, 3, 0}};
  int tries = 0;
  auto const fails = [&](script const& s) {
    ++tries;
    return s == several || std::ranges::find(s, one[0]) != s.end();
  };
  std::vector<std::uint64_t> const turns{4, 3, 3};
  EXPECT_EQ(with_one_switch(several, turns, fails), one);
  EXPECT_EQ(with_one_switch(several, std::vector<std::uint64_t>{4, 3, 2}, fails), several)
      << "it lies beyond the end of the thread";
  tries = 0;
  EXPECT_EQ(with_one_switch(several, turns, fails, 19), several) << "there are 20 to be tried";
  EXPECT_EQ(with_one_switch(one, turns, fails), one) << "it is one";
  EXPECT_EQ(tries, 0);
}
