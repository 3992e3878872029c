// SPDX-License-Identifier: Apache-2.0
// Exhaustive exploration: how far it got, what it may leave out, and what it must not.
#define QUARTET_CHECK 1
#include <array>
#include <gtest/gtest.h>
#include <set>
#include <stdexcept>
#include <string>

#include <quartet/seam/atomic.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/futex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/channel.hpp>

#include "exec/sim/explore.hpp"

using namespace quartet;
using namespace quartet::test;
using seam::acquire;
using seam::relaxed;
using seam::release;

namespace {

/// Two threads that count, each so often.
program counting(bool mended, int times) {
  return [=](runner r) {
    seam::atomic<int> n{0};
    outline const o = r.run([&] {
      auto const count = [&] {
        for (int i = 0; i != times; ++i)
          if (mended)
            n.fetch_add(1, relaxed);
          else
            n.store(n.load(relaxed) + 1, relaxed);
      };
      seam::thread a(count), b(count);
    });
    return ending_of(o, {n.load(relaxed)});
  };
}

}  // namespace

TEST(exhaustive, a_bound_on_preemptions_covers_just_the_schedules_within_it) {
  program const p = counting(false, 1);
  findings const none = explore(p, {.preemptions_max = 0});
  EXPECT_EQ(none.covered, coverage::bounded);
  EXPECT_EQ(none.states, std::set<std::string>{"ended 2"});
  findings const one = explore(p, {.preemptions_max = 1});
  EXPECT_EQ(one.covered, coverage::bounded);
  EXPECT_EQ(one.states, (std::set<std::string>{"ended 1", "ended 2"}));
  findings const many = explore(p, {.preemptions_max = 100});
  EXPECT_EQ(many.covered, coverage::complete);
  EXPECT_EQ(many.runs, explore(p, {.sleep_sets = false}).runs);
  EXPECT_LT(none.runs, one.runs);
  EXPECT_LT(one.runs, many.runs);
}

TEST(exhaustive, one_that_was_not_allowed_enough_runs_is_incomplete) {
  findings const f = explore(counting(false, 1), {.runs_max = 3});
  EXPECT_EQ(f.runs, 3U);
  EXPECT_EQ(f.covered, coverage::incomplete);
  EXPECT_STREQ(name(f.covered), "incomplete");
}

TEST(exhaustive, a_program_that_remembers_its_last_run_has_diverged) {
  int runs = 0;
  findings const f = explore(
      [&](runner r) {
        seam::atomic<int> n{0};
        outline const o = r.run([&] {
          bool const other = ++runs == 3;
          seam::thread a([&] { n.fetch_add(1, relaxed); });
          if (other) n.store(0, relaxed);
          seam::thread b([&] { n.store(2, relaxed); });
        });
        return ending_of(o);
      },
      {.sleep_sets = false});
  EXPECT_EQ(f.covered, coverage::diverged);
  EXPECT_EQ(f.runs, 3U);
}

TEST(exhaustive, each_waiter_is_woken_in_some_run) {
  program const p = [](runner r) {
    seam::futex_word word{0};
    std::array<seam::wake, 2> how{};
    outline const o = r.run([&] {
      time_point const until = clock::now() + std::chrono::seconds(1);
      auto const waits = [&](seam::wake* h) { *h = seam::futex_wait(word, 0, until); };
      seam::thread a([&] { waits(&how[0]); }), b([&] { waits(&how[1]); });
      seam::futex_wake(word, 1);
    });
    return ending_of(o, {static_cast<int>(how[0]), static_cast<int>(how[1])});
  };
  findings const f = explore(p, {});
  EXPECT_EQ(f.states, explore(p, {.sleep_sets = false}).states);
  EXPECT_EQ(f.states, (std::set<std::string>{"ended 0 2", "ended 2 0", "ended 2 2"}));
}

TEST(exhaustive, a_thread_that_fails_at_once_hides_no_failure_of_others) {
  program const p = [](runner r) {
    seam::atomic<int> n{0};
    return ending_of(r.run([&] {
      seam::thread fails([] { check(false); });
      seam::thread throws([&] {
        n.store(1, relaxed);
        throw std::runtime_error("another failure");
      });
    }),
                     {});
  };
  std::set<std::string> const both{name(verdict::check), name(verdict::exception)};
  EXPECT_EQ(explore(p, {.sleep_sets = false}).states, both);
  EXPECT_EQ(explore(p, {}).states, both);
}

TEST(exhaustive, a_loop_that_waits_for_another_thread_is_left) {
  program const p = [](runner r) {
    seam::atomic<bool> set{false};
    outline const o = r.run([&] {
      seam::thread spins([&] {
        while (!set.load(acquire)) seam::yield_thread();
      });
      seam::thread sets([&] { set.store(true, release); });
    });
    return ending_of(o);
  };
  findings const f = explore(p, {});
  EXPECT_EQ(f.covered, coverage::complete);
  EXPECT_EQ(f.states, std::set<std::string>{"ended"});
}

TEST(exhaustive, a_data_race_is_found_without_a_decision_before_each_use) {
  program const p = [](runner r) {
    shared<int> x{0};
    seam::atomic<bool> set{false};
    outline const o = r.run([&] {
      seam::thread writes([&] {
        x = 1;
        set.store(true, relaxed);
      });
      seam::thread reads([&] {
        if (set.load(acquire)) static_cast<void>(x + 0);
      });
    });
    return ending_of(o);
  };
  EXPECT_TRUE(explore(p, {}).states.contains(name(verdict::race)));
}

TEST(exhaustive, a_real_channel_between_two_threads_is_proven) {
  program const p = [](runner r) {
    int got = 0;
    outline const o = r.run([&] {
      channel<int> numbers(1);
      seam::thread sender([&] {
        for (int i = 1; i != 3; ++i) numbers.blocking_send(i);
        numbers.close();
      });
      while (auto const n = numbers.blocking_recv()) got = 10 * got + *n;
    });
    return ending_of(o, {got});
  };
  findings const f = explore(p, {});
  EXPECT_EQ(f.covered, coverage::complete);
  EXPECT_EQ(f.states, std::set<std::string>{"ended 12"});
}
