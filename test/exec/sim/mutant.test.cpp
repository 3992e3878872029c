// SPDX-License-Identifier: Apache-2.0
// Runs that do without an operation, and what shows it.
#define QUARTET_CHECK 1
#include <gtest/gtest.h>
#include <optional>

#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;
using detail::sim::mutant;
using detail::sim::plan;
using detail::sim::verdict;
using detail::sim::world;

namespace {

/// How the first failing one of some runs ends; `ended` if none fails.
template <class F> verdict without(std::optional<mutant> const& left_out, F body) {
  world w;
  detail::sim::strategies all;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    auto const o = w.run(all.of(plan::of(seed, 30)),
                         {.seed = seed, .without = left_out ? &*left_out : nullptr}, body);
    if (o.how != verdict::ended) return o.how;
  }
  return verdict::ended;
}

mutant at(place where, seam::kind what) { return {"mutant.test.cpp", where.line, what}; }

}  // namespace

TEST(mutant, its_name_says_file_line_and_kind) {
  auto const m = mutant::parse("src/core/stop.cpp:44:futex_wake");
  ASSERT_TRUE(m.has_value());
  EXPECT_EQ(m->file, "src/core/stop.cpp");
  EXPECT_EQ(m->line, 44U);
  EXPECT_EQ(m->what, seam::kind::futex_wake);
  for (char const* const text : {"", "a.cpp", "a.cpp:4", "a.cpp:lock", "a.cpp:4:dance", ":4:lock",
                                 "a.cpp:0:lock", "a.cpp:4x:lock", "a.cpp:44:"})
    EXPECT_FALSE(mutant::parse(text).has_value()) << text;
}

TEST(mutant, a_lock_left_out_keeps_nobody_out_and_orders_nothing) {
  place line;
  auto const body = [&line] {
    seam::mutex m;
    int inside = 0;
    seam::thread a([&] {
      line = place::here();
      m.lock(line);
      check(++inside == 1, "two are inside");
      seam::yield_thread();
      --inside;
      m.unlock();
    });
    seam::thread b([&] {
      m.lock();
      check(++inside == 1, "two are inside");
      seam::yield_thread();
      --inside;
      m.unlock();
    });
  };
  EXPECT_EQ(without({}, body), verdict::ended);
  EXPECT_EQ(without(at(line, seam::kind::lock), body), verdict::check);
}

TEST(mutant, a_lock_left_out_is_a_race) {
  place line;
  auto const body = [&line] {
    seam::mutex m;
    shared<int> n{0};
    auto const count = [&] {
      line = place::here();
      m.lock(line);
      ++n;
      m.unlock();
    };
    seam::thread a(count), b(count);
  };
  EXPECT_EQ(without({}, body), verdict::ended);
  EXPECT_EQ(without(at(line, seam::kind::lock), body), verdict::race);
}

TEST(mutant, a_wake_left_out_is_a_deadlock) {
  place line;
  auto const body = [&line] {
    seam::futex_word word{0};
    seam::thread waits([&] {
      while (word.load(seam::acquire) == 0) seam::futex_wait(word, 0);
    });
    line = place::here();
    word.store(1, seam::release);
    seam::futex_wake(word, 1, line);
  };
  EXPECT_EQ(without({}, body), verdict::ended);
  EXPECT_EQ(without(at(line, seam::kind::futex_wake), body), verdict::deadlock);
}

TEST(mutant, an_order_left_out_is_a_race) {
  place tells, hears;
  auto const body = [&] {
    shared<int> data{0};
    seam::atomic<bool> ready{false};
    seam::thread writer([&] {
      data = 42;
      tells = place::here();
      ready.store(true, seam::release, tells);
    });
    seam::thread reader([&] {
      hears = place::here();
      if (ready.load(seam::acquire, hears)) check(data == 42);
    });
  };
  EXPECT_EQ(without({}, body), verdict::ended);
  EXPECT_EQ(without(at(tells, seam::kind::store), body), verdict::race);
  EXPECT_EQ(without(at(hears, seam::kind::load), body), verdict::race);
  EXPECT_EQ(without(at(hears, seam::kind::store), body), verdict::ended) << "another kind";
}
