// SPDX-License-Identifier: Apache-2.0
// Races on plain data: found by what orders the uses, not by what they happen to see.
#define QUARTET_CHECK 1
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>

#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;
using detail::sim::outline;
using detail::sim::plan;
using detail::sim::verdict;
using detail::sim::world;

namespace {

constexpr std::uint64_t runs = 500;

/// In how many of the runs there was a race; all others must end.
template <class F> std::uint64_t races(F body) {
  std::uint64_t n = 0;
  world w;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    outline const o = w.run(seed, plan::of(seed, 30), body);
    EXPECT_TRUE(o.how == verdict::race || o.how == verdict::ended) << name(o.how) << " " << o.what;
    n += o.how == verdict::race ? 1 : 0;
  }
  return n;
}

/// One thread writes and then tells, by a flag, the other, which reads.
std::uint64_t publishing(std::memory_order tells, std::memory_order hears) {
  return races([=] {
    shared<int> data{0};
    seam::atomic<bool> ready{false};
    seam::thread writer([&] {
      data = 42;
      ready.store(true, tells);
    });
    seam::thread reader([&] {
      if (ready.load(hears)) check(data == 42);
    });
  });
}

}  // namespace

TEST(uses, what_was_moved_is_written_here_and_begins_there) {
  EXPECT_EQ(races([] {
              shared<std::unique_ptr<int>> from{std::make_unique<int>(1)};
              seam::thread a([&] { shared<std::unique_ptr<int>> const to{std::move(from)}; });
              seam::thread b([&] { check(from.read() == nullptr || *from.read() == 1); });
            }),
            runs);
}

TEST(uses, a_lost_update_is_a_race_in_every_run) {
  EXPECT_EQ(races([] {
              shared<int> n{0};
              seam::thread a([&] { ++n; }), b([&] { ++n; });
            }),
            runs);
}

TEST(uses, a_lock_orders_them) {
  EXPECT_EQ(races([] {
              shared<int> n{0};
              seam::mutex m;
              auto const count = [&] {
                seam::guard g(m);
                ++n;
              };
              { seam::thread a(count), b(count); }
              check(n == 2);
            }),
            0U);
}

TEST(uses, two_locks_do_not) {
  EXPECT_EQ(races([] {
              shared<int> n{0};
              seam::mutex m, other;
              seam::thread a([&] {
                seam::guard g(m);
                ++n;
              });
              seam::thread b([&] {
                seam::guard g(other);
                ++n;
              });
            }),
            runs);
}

// The order of the locks hides it: only if b comes first is nothing between the two writes.
TEST(uses, one_that_the_order_of_locks_hides_is_found_in_the_runs_that_have_another_order) {
  std::uint64_t const n = races([] {
    shared<int> x{0};
    seam::mutex m;
    seam::thread a([&] {
      seam::guard g(m);
      x = 1;
    });
    seam::thread b([&] {
      m.lock();
      m.unlock();
      x = 2;
    });
  });
  EXPECT_GT(n, runs / 10);
  EXPECT_LT(n, runs);
}

TEST(uses, release_and_acquire_order_them_and_weaker_orders_do_not) {
  EXPECT_EQ(publishing(seam::release, seam::acquire), 0U);
  EXPECT_EQ(publishing(seam::seq_cst, seam::seq_cst), 0U);
  EXPECT_GT(publishing(seam::relaxed, seam::acquire), 0U);
  EXPECT_GT(publishing(seam::release, seam::relaxed), 0U);
}

TEST(uses, fences_make_relaxed_operations_order_them) {
  auto const publishing_with = [](bool first, bool second) {
    return races([=] {
      shared<int> data{0};
      seam::atomic<bool> ready{false};
      seam::thread writer([&] {
        data = 42;
        if (first) seam::fence();
        ready.store(true, seam::relaxed);
      });
      seam::thread reader([&] {
        bool const told = ready.load(seam::relaxed);
        if (second) seam::fence();
        if (told) check(data == 42);
      });
    });
  };
  EXPECT_EQ(publishing_with(true, true), 0U);
  EXPECT_GT(publishing_with(true, false), 0U);
  EXPECT_GT(publishing_with(false, true), 0U);
}

// The counter that another thread raised in between passes on what was released before it.
TEST(uses, a_read_modify_write_goes_on_with_a_release_sequence_and_a_store_ends_it) {
  auto const passed_on = [](bool by_store) {
    return races([=] {
      shared<int> data{0};
      seam::atomic<int> stage{0};
      seam::thread writer([&] {
        data = 1;
        stage.fetch_add(1, seam::release);
      });
      seam::thread between([&] {
        if (!by_store)
          stage.fetch_add(1, seam::relaxed);
        else if (stage.load(seam::relaxed) == 1)
          stage.store(2, seam::relaxed);
      });
      seam::thread reader([&] {
        int const seen = stage.load(seam::acquire);
        if (seen == 2) check(data == 1);
      });
    });
  };
  EXPECT_EQ(passed_on(false), 0U);
  EXPECT_GT(passed_on(true), 0U);
}

TEST(uses, a_compare_exchange_that_fails_releases_nothing) {
  auto const tried = [](int expected) {
    return races([=] {
      shared<int> data{0};
      seam::atomic<int> stage{0};
      seam::thread writer([&] {
        data = 1;
        int e = expected;
        if (!stage.compare_exchange(e, 7, seam::release, seam::relaxed))
          stage.store(7, seam::relaxed);
      });
      seam::thread reader([&] {
        if (stage.load(seam::acquire) == 7) check(data == 1);
      });
    });
  };
  EXPECT_EQ(tried(0), 0U);
  EXPECT_GT(tried(3), 0U);
}

TEST(uses, starting_and_joining_a_thread_order_them) {
  EXPECT_EQ(races([] {
              shared<int> n{0};
              n = 1;
              seam::thread t([&] { ++n; });
              t.join();
              check(n == 2);
            }),
            0U);
}

TEST(uses, reads_do_not_race_with_reads) {
  EXPECT_EQ(races([] {
              shared<int> n{5};
              seam::thread a([&] { check(n == 5); }), b([&] { check(n == 5); });
            }),
            0U);
}

// Double-checked initialisation through a relaxed pointer: the pointee is not published.
TEST(uses, making_and_destroying_are_writes) {
  auto const published = [](std::memory_order by) {
    return races([=] {
      seam::atomic<shared<int>*> instance{nullptr};
      seam::mutex m;
      auto const get = [&] {
        if (auto* const p = instance.load(by == seam::release ? seam::acquire : by)) return p;
        seam::guard g(m);
        auto* p = instance.load(seam::relaxed);
        if (p == nullptr) instance.store(p = new shared<int>(3), by);
        return p;
      };
      {
        seam::thread a([&] { check(*get() == 3); }), b([&] { check(*get() == 3); });
      }
      delete instance.load(seam::relaxed);
    });
  };
  EXPECT_EQ(published(seam::release), 0U);
  EXPECT_GT(published(seam::relaxed), 0U);
  EXPECT_GT(races([] {
              auto n = std::make_unique<shared<int>>(1);
              seam::thread reads([&p = *n] { static_cast<void>(p.read()); });
              n.reset();
            }),
            0U);
}

TEST(uses, a_race_names_both_sides_and_the_locks_they_held) {
  world w;
  outline const o = w.run(1, plan{}, [] {
    shared<int> n{0};
    seam::mutex m;
    seam::thread a(
        [&] {
          seam::guard g(m);
          n = 1;
        },
        "with");
    seam::thread b([&] { n = 2; }, "without");
  });
  ASSERT_EQ(o.how, verdict::race);
  bool const with_first = o.first.name == "with";
  auto const& with = with_first ? o.first : o.second;
  auto const& without = with_first ? o.second : o.first;
  EXPECT_EQ(with.name, "with");
  EXPECT_EQ(without.name, "without");
  EXPECT_TRUE(with.writes && without.writes);
  EXPECT_NE(with.code, without.code);
  ASSERT_EQ(with.holds.size(), 1U);
  EXPECT_NE(std::string(with.holds[0].where.file).find("uses.test.cpp"), std::string::npos);
  EXPECT_TRUE(without.holds.empty());
}

TEST(uses, a_lock_that_another_thread_gives_back_is_held_by_nobody) {
  world w;
  outline const o = w.run(1, plan{}, [] {
    seam::mutex m, never_unlocked;
    m.lock();
    never_unlocked.lock();
    seam::thread([&] { m.unlock(); }).join();
    never_unlocked.lock();
  });
  ASSERT_EQ(o.how, verdict::deadlock);
  ASSERT_EQ(o.left.size(), 1U);
  ASSERT_EQ(o.left[0].holds.size(), 1U);
  EXPECT_EQ(o.left[0].holds[0].object, o.left[0].object);
}

TEST(uses, a_fault_strikes_as_often_as_it_is_told_to) {
  detail::sim::strategies all;
  world w;
  for (unsigned const percent : {0U, 1U, 20U, 100U}) {
    unsigned strikes = 0;
    for (std::uint64_t seed = 1; seed <= 4000; ++seed)
      w.run(all.of({}), {.seed = seed, .may = {.points_percent = percent}},
            [&] { strikes += fault_point("a fault") ? 1 : 0; });
    EXPECT_GE(strikes, percent * 30) << percent;
    EXPECT_LE(strikes, percent * 50) << percent;
  }
}

TEST(uses, a_failed_check_ends_the_run_at_once_and_says_which) {
  int after = 0;
  world w;
  outline const o = w.run(1, plan{}, [&] {
    check(false, "the sky is green");
    ++after;
  });
  EXPECT_EQ(o.how, verdict::check);
  EXPECT_EQ(o.what, "the sky is green");
  EXPECT_NE(o.where.line, 0U);
  EXPECT_EQ(after, 0);
}

TEST(uses, an_exception_that_leaves_a_thread_ends_the_run) {
  world w;
  outline const o =
      w.run(1, plan{}, [] { seam::thread t([] { throw std::runtime_error("out of tea"); }); });
  EXPECT_EQ(o.how, verdict::exception);
  EXPECT_EQ(o.what, "out of tea");
}
