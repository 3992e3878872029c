// SPDX-License-Identifier: Apache-2.0
// Invariants in simulated runs: asked after every step, and without a trace.
#define QUARTET_CHECK 1
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/invariant.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;
using detail::sim::outline;
using detail::sim::plan;
using detail::sim::verdict;
using detail::sim::world;

namespace {

constexpr std::uint64_t runs = 300;

/// In how many of the runs an invariant was broken; all others must end by `otherwise`.
template <class F> std::uint64_t broken(F body, verdict otherwise = verdict::ended) {
  std::uint64_t n = 0;
  world w;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    outline const o = w.run(seed, plan::of(seed, 30), body);
    EXPECT_TRUE(o.how == verdict::invariant || o.how == otherwise) << name(o.how) << " " << o.what;
    n += o.how == verdict::invariant ? 1 : 0;
  }
  return n;
}

/// Moves money between two accounts, step by step or in one.
template <bool AtOnce> void moves_money() {
  seam::atomic<int> here{100}, there{0};
  seam::atomic<std::uint32_t> both{100};
  auto const sum = [&] {
    if constexpr (AtOnce) {
      std::uint32_t const now = both.load(seam::acquire);
      return (now & 0xFFFFU) + (now >> 16U) == 100;
    } else
      return here.load(seam::acquire) + there.load(seam::acquire) == 100;
  };
  invariant const kept(sum, "no money is lost");
  auto const move = [&] {
    if constexpr (AtOnce)
      both.fetch_add((10U << 16U) - 10U, seam::relaxed);
    else {
      here.fetch_sub(10, seam::relaxed);
      there.fetch_add(10, seam::relaxed);
    }
  };
  seam::thread a(move), b(move);
}

/// Threads that count, with or without something that is asked all the time.
void counts(bool watched) {
  seam::mutex m, other;
  seam::atomic<int> n{0};
  shared<int> data{0};
  auto const work = [&] {
    n.fetch_add(1, seam::relaxed);
    seam::guard g(m);
    ++data;
  };
  auto const run = [&] { seam::thread a(work), b(work); };
  if (!watched) return run();
  invariant const i([&] {
    seam::guard const g(other);
    return n.load(seam::seq_cst) >= 0 && data >= 0 && clock::now() > time_point();
  });
  run();
}

}  // namespace

TEST(invariant, what_is_broken_between_two_steps_is_found_in_every_run) {
  EXPECT_EQ(broken(moves_money<false>), runs);
}

TEST(invariant, what_holds_after_each_step_is_silent) { EXPECT_EQ(broken(moves_money<true>), 0U); }

TEST(invariant, it_names_the_step_that_broke_it) {
  world w;
  unsigned line = 0;
  outline const o = w.run(1, plan{}, [&] {
    seam::atomic<int> n{0};
    invariant const small([&] { return n.load(seam::relaxed) < 3; }, "n is small");
    seam::thread t([&] {
      n.store(2, seam::relaxed);
      line = __LINE__ + 1;
      n.store(3, seam::relaxed);
      n.store(1, seam::relaxed);
    });
  });
  EXPECT_EQ(o.how, verdict::invariant);
  EXPECT_EQ(o.what, "n is small");
  EXPECT_NE(std::string(o.where.file).find("invariant.test.cpp"), std::string::npos);
  EXPECT_EQ(o.thread, 1U);
  EXPECT_EQ(o.after.what, seam::kind::store);
  EXPECT_EQ(o.after.where.line, line);
}

TEST(invariant, it_is_asked_when_it_begins_when_a_thread_ends_and_when_it_ends) {
  bool good = false;
  world w;
  auto const lives = [&](bool before, bool at_the_end_of_a_thread, bool behind) {
    return w
        .run(1, plan{},
             [&] {
               good = before;
               invariant const i([&] { return good; });
               seam::thread([&] { good = at_the_end_of_a_thread; }).join();
               good = behind;
             })
        .how;
  };
  EXPECT_EQ(lives(true, true, true), verdict::ended);
  EXPECT_EQ(lives(false, true, true), verdict::invariant);
  EXPECT_EQ(lives(true, false, true), verdict::invariant);
  EXPECT_EQ(lives(true, true, false), verdict::invariant);
}

TEST(invariant, its_looks_leave_no_trace_in_the_run) {
  world w;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    outline const without = w.run(seed, plan::of(seed, 30), [] { counts(false); });
    outline const with = w.run(seed, plan::of(seed, 30), [] { counts(true); });
    ASSERT_EQ(with.how, verdict::ended) << with.what;
    EXPECT_EQ(with.trace_hash, without.trace_hash);
    EXPECT_EQ(with.class_hash, without.class_hash);
    EXPECT_EQ(with.points, without.points);
  }
}

TEST(invariant, its_looks_at_data_of_other_threads_are_no_races) {
  EXPECT_EQ(broken([] {
              shared<int> n{0};
              invariant const i([&] { return n < 3; });
              seam::thread counts([&] {
                ++n;
                seam::yield_thread();
                ++n;
              });
              seam::thread other([] { seam::yield_thread(); });
            }),
            0U);
}

// An acquire that counted would make the reader know what the writer did before.
TEST(invariant, its_looks_order_nothing) {
  EXPECT_EQ(broken(
                [] {
                  shared<int> data{0};
                  seam::atomic<bool> ready{false};
                  invariant const i([&] { return ready.load(seam::acquire) || data < 5; });
                  seam::thread writer([&] {
                    data = 1;
                    ready.store(true, seam::release);
                  });
                  seam::thread reader([&] {
                    seam::yield_thread();
                    static_cast<void>(data.read());
                  });
                },
                verdict::race),
            0U);
}

TEST(invariant, it_is_forgotten_with_the_run_that_did_not_end) {
  world w;
  int asked = 0;
  seam::atomic<int> n{0};
  outline const lost = w.run(1, plan{}, [&] {
    invariant const i([&] { return ++asked > 0; });
    check(false);
  });
  EXPECT_EQ(lost.how, verdict::check);
  int const before = asked;
  EXPECT_EQ(w.run(2, plan{}, [&] { n.store(1, seam::relaxed); }).how, verdict::ended);
  EXPECT_EQ(asked, before);
}

TEST(invariant, one_that_outlives_its_run_is_harmless_and_one_that_is_gone_is_not_asked) {
  int asked = 0;
  auto const always = [&] { return ++asked > 0; };
  std::unique_ptr<invariant<decltype(always)>> kept;
  world w;
  w.run(1, plan{}, [&] { kept = std::make_unique<invariant<decltype(always)>>(always); });
  int const before = asked;
  w.run(2, plan{}, [&] {
    seam::yield_thread();
    kept.reset();
    seam::yield_thread();
  });
  EXPECT_EQ(asked, before);
}

TEST(invariant, with_deciding_uses_a_use_is_a_step) {
  auto const body = [] {
    shared<int> here{1}, there{1};
    invariant const i([&] { return here == there; });
    here = 2;
    there = 2;
  };
  world w;
  detail::sim::strategies all;
  EXPECT_EQ(w.run(all.of({}), {.uses_decide = false}, body).how, verdict::ended);
  EXPECT_EQ(w.run(all.of({}), {.uses_decide = true}, body).how, verdict::invariant);
}

TEST(invariant, one_that_waits_is_refused_in_words) {
  EXPECT_DEATH(world().run(1, plan{},
                           [] {
                             seam::mutex m;
                             seam::guard const g(m);
                             invariant const i([&] {
                               seam::guard const again(m);
                               return true;
                             });
                           }),
               "an invariant must not wait for another thread");
}
