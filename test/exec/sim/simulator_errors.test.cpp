// SPDX-License-Identifier: Apache-2.0
// Calls on simulated threads that go wrong, and the words for it.
#define QUARTET_CHECK 1
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/sim/simulator.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/invariant.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>

#include "support/gate.hpp"

using namespace quartet;

namespace {

template <class E, class F> std::string message_of(F&& f) {
  try {
    f();
  } catch (E const& e) {
    return e.what();
  } catch (std::exception const& e) {
    return std::string("another error: ") + e.what();
  }
  return "no error";
}
bool holds(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

/// Takes two locks, one after the other.
void both(seam::mutex& first, seam::mutex& second) {
  seam::guard a(first);
  seam::guard b(second);
}

}  // namespace

TEST(simulator, what_a_call_gets_and_gives_is_no_race_and_what_two_share_is) {
  auto const races = [](bool between_calls) {
    int n = 0;
    for (std::uint64_t seed = 1; seed != 100; ++seed) {
      simulator s({.seed = seed});
      auto const works = [&s, between_calls] {
        shared<int> x{1};
        auto const adds = [&x] { ++x; };
        auto a = s.submit(adds);
        if (between_calls) ++x;
        a.blocking_get();
        auto const adds_later = [](shared<int>* to) -> task<> {
          co_await yield();
          ++*to;
        };
        s.submit(adds_later, &x).blocking_get();
        check(x == (between_calls ? 4 : 3));
      };
      auto const text = message_of<simulation_failed>([&] { s.submit(works).blocking_get(); });
      EXPECT_TRUE(text == "no error" || holds(text, "a data race: thread ")) << text;
      n += text == "no error" ? 0 : 1;
    }
    return n;
  };
  EXPECT_EQ(races(false), 0);
  EXPECT_EQ(races(true), 99);
}

TEST(simulator, a_deadlock_is_refused_and_it_says_who_stands_where) {
  int refused = 0;
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    seam::mutex a, b;
    simulator s({.seed = seed});
    auto f = s.submit({.name = "forth"}, [&] { both(a, b); });
    auto g = s.submit({.name = "back"}, [&] { both(b, a); });
    auto const text = message_of<would_deadlock>([&] {
      f.blocking_get();
      g.blocking_get();
    });
    if (text == "no error") continue;
    ++refused;
    EXPECT_TRUE(holds(text, "(seed " + std::to_string(seed) + ")")) << text;
    EXPECT_TRUE(holds(text, " in call 'forth' waits for the lock that thread ")) << text;
    EXPECT_TRUE(holds(text, " in call 'back' waits for the lock that thread ")) << text;
    EXPECT_TRUE(holds(text, "simulator_errors.test.cpp:")) << text;
    EXPECT_EQ(s.submit([] { return 3; }).blocking_get(), 3) << "others go on";
  }
  EXPECT_GT(refused, 5);
  EXPECT_LT(refused, 95);
}

TEST(simulator, a_wait_for_a_call_that_cannot_go_on_is_refused_outside) {
  simulator s;
  test::gate g;
  auto f = s.submit([&] { s.submit(test::pass, &g).blocking_get(); });
  auto const text = message_of<would_deadlock>([&] { f.blocking_get(); });
  EXPECT_TRUE(holds(text, "thread 1 waits for another call")) << text;
  g.open();
  f.blocking_get();
}

TEST(simulator, a_wait_that_was_refused_goes_on_once_somebody_is_resumed) {
  simulator s;
  test::gate g;
  auto f = s.submit(test::pass, &g);
  auto const text = message_of<would_deadlock>([&] { f.blocking_get(); });
  EXPECT_TRUE(holds(text, "no timer is armed")) << text;
  EXPECT_TRUE(holds(text, "submit or resume what it waits for first")) << text;
  g.open();
  f.blocking_get();
}

TEST(simulator, a_batch_can_be_dropped_after_its_wait_was_refused) {
  seam::futex_word word{0};
  std::vector<int> const items(3);
  simulator s;
  {
    auto const waits_for_ever = [&word](int) {
      while (word.load(seam::acquire) == 0) seam::futex_wait(word, 0);
    };
    auto all = for_each(s, items, waits_for_ever);
    EXPECT_THROW(all.blocking_get(), would_deadlock);
  }
  auto const text = message_of<simulation_failed>([&] { s.submit([] {}).blocking_get(); });
  EXPECT_TRUE(holds(text, "the simulator has been given up: nobody can go on")) << text;
}

TEST(simulator, what_has_no_end_is_an_error_and_so_is_each_wait_after_it) {
  simulator s({.seed = 5, .points_max = 10'000});
  seam::atomic<bool> never_set{false};
  auto f = s.submit({.name = "spin"}, [&] {
    while (!never_set.load(seam::relaxed)) seam::yield_thread();
  });
  auto const text = message_of<simulation_failed>([&] { f.blocking_get(); });
  EXPECT_TRUE(holds(text, "the simulated run of seed 5 has ended early: no end after 10000"))
      << text;
  EXPECT_TRUE(holds(text, "give the simulator a larger points_max")) << text;
  EXPECT_TRUE(holds(text, "in call 'spin' stands at load, simulator_errors.test.cpp:")) << text;
  EXPECT_THROW(f.blocking_get(), simulation_failed);
  EXPECT_THROW(s.submit([] {}).blocking_get(), simulation_failed);
}

TEST(simulator, the_limit_is_one_of_each_wait_and_not_of_all) {
  simulator s({.points_max = 10'000});
  for (int i = 0; i != 20; ++i)
    s.submit([] {
       for (int k = 0; k != 1'000; ++k) seam::fence();
     }).blocking_get();
}

TEST(simulator, checks_invariants_and_exceptions_of_threads_end_the_run) {
  simulator a({.seed = 9});
  auto f = a.submit([] { check(false, "the sky is green"); });
  auto const of_check = message_of<simulation_failed>([&] { f.blocking_get(); });
  EXPECT_TRUE(holds(of_check, "seed 9 has ended early: a check failed (simulator_errors.test.cpp:"))
      << of_check;
  EXPECT_TRUE(holds(of_check, "the sky is green")) << of_check;
  simulator c;
  auto h = c.submit([] {
    seam::atomic<int> n{0};
    invariant const small([&] { return n.load(seam::relaxed) < 2; }, "there is one");
    for (int i = 0; i != 3; ++i) n.fetch_add(1, seam::relaxed);
  });
  auto const of_invariant = message_of<simulation_failed>([&] { h.blocking_get(); });
  EXPECT_TRUE(holds(of_invariant, "an invariant was broken (simulator_errors.test.cpp:"))
      << of_invariant;
  simulator b;
  auto g = b.submit([] { seam::thread t([] { throw std::runtime_error("out of tea"); }); });
  auto const of_thread = message_of<simulation_failed>([&] { g.blocking_get(); });
  EXPECT_TRUE(holds(of_thread, "an exception left a simulated thread: out of tea")) << of_thread;
}

TEST(simulator, an_exception_of_a_call_is_the_calls) {
  simulator s;
  auto f = s.submit([]() -> int { throw std::out_of_range("page 9 of 8"); });
  EXPECT_THROW(f.blocking_get(), std::out_of_range);
  EXPECT_EQ(s.submit([] { return 1; }).blocking_get(), 1);
}

TEST(simulator, absurd_options_are_refused) {
  EXPECT_THROW(simulator({.workers = 0}), std::invalid_argument);
  EXPECT_THROW(simulator({.workers = 1'000'000}), std::invalid_argument);
}
