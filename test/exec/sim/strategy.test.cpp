// SPDX-License-Identifier: Apache-2.0
// Strategies on known races: each is found, and its mended twin stays silent.
//
// The cases are written anew after the ideas of SCTBench. A case runs once in a world and says
// whether the bug showed.
#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include <quartet/exec/sim/detail/profile.hpp>
#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;
using detail::sim::outline;
using detail::sim::plan;
using detail::sim::profile;
using detail::sim::verdict;
using detail::sim::way;
using detail::sim::world;

namespace {

/// One run of a world.
struct one_run {
  world& in;
  std::uint64_t seed;
  plan how;
  detail::sim::strategy* by = nullptr;  // instead of the plan's
  template <class F> outline run(F&& body) {
    if (by != nullptr) return in.run(*by, {.seed = seed}, body);
    return in.run(seed, how, body);
  }
};

/// Whether the bug showed in a run.
using scenario = std::function<bool(one_run)>;

struct race {
  std::string name;
  scenario broken, mended;
};

/// Each half of a withdrawal is locked, the whole is not.
scenario account(bool mended) {
  return [mended](one_run w) {
    seam::mutex m;
    int balance = 100;
    outline const o = w.run([&] {
      auto const withdraw = [&] {
        m.lock();
        bool const covered = balance >= 100;
        if (!mended) m.unlock();
        if (!mended) m.lock();
        if (covered) balance -= 100;
        m.unlock();
      };
      seam::thread a(withdraw), b(withdraw);
    });
    return o.how != verdict::ended || balance < 0;
  };
}

/// Philosophers who all take the left fork first, or one of whom does not.
scenario philosophers(int n, bool mended) {
  return [n, mended](one_run w) {
    std::vector<seam::mutex> forks(static_cast<std::size_t>(n));
    outline const o = w.run([&] {
      std::vector<seam::thread> all;
      for (int i = 0; i != n; ++i)
        all.emplace_back([&forks, i, n, mended] {
          auto left = static_cast<std::size_t>(i), right = static_cast<std::size_t>((i + 1) % n);
          if (mended && right < left) std::swap(left, right);
          forks[left].lock();
          forks[right].lock();
          forks[right].unlock();
          forks[left].unlock();
        });
    });
    return o.how == verdict::deadlock;
  };
}

/// Setters write a, then b; the checker must not see a half pair.
scenario reorder(int setters, bool mended) {
  return [setters, mended](one_run w) {
    seam::atomic<int> a{0}, b{0};
    seam::mutex m;
    bool half = false;
    outline const o = w.run([&] {
      std::vector<seam::thread> all;
      for (int i = 0; i != setters; ++i)
        all.emplace_back([&] {
          if (mended) m.lock();
          a.store(1, seam::release);
          b.store(-1, seam::release);
          if (mended) m.unlock();
        });
      all.emplace_back([&] {
        if (mended) m.lock();
        int const seen_a = a.load(seam::acquire), seen_b = b.load(seam::acquire);
        half = !((seen_a == 0 && seen_b == 0) || (seen_a == 1 && seen_b == -1));
        if (mended) m.unlock();
      });
    });
    return o.how != verdict::ended || half;
  };
}

/// The second datum is brought up to date in a critical section of its own.
scenario two_stage(int pairs, bool mended) {
  return [pairs, mended](one_run w) {
    seam::mutex first, second;
    int one = 0, two = 0;
    bool stale = false;
    outline const o = w.run([&] {
      std::vector<seam::thread> all;
      for (int i = 0; i != pairs; ++i) {
        all.emplace_back([&] {
          first.lock();
          one = 1;
          if (!mended) first.unlock();
          second.lock();
          two = one + 1;
          second.unlock();
          if (mended) first.unlock();
        });
        all.emplace_back([&] {
          first.lock();
          int const seen = one;
          if (!mended) first.unlock();
          if (seen != 0) {
            second.lock();
            stale = stale || two != seen + 1;
            second.unlock();
          }
          if (mended) first.unlock();
        });
      }
    });
    return o.how != verdict::ended || stale;
  };
}

/// The flag is tested outside the lock that the sleeper gives up.
scenario lost_wake_up(bool mended) {
  return [mended](one_run w) {
    seam::mutex m;
    seam::condition c;
    seam::atomic<bool> set{false};
    outline const o = w.run([&] {
      seam::thread waits([&] {
        if (!mended) {
          if (set.load(seam::acquire)) return;
          m.lock();
          c.wait(m);
          m.unlock();
          return;
        }
        m.lock();
        while (!set.load(seam::acquire)) c.wait(m);
        m.unlock();
      });
      seam::thread sets([&] {
        m.lock();
        set.store(true, seam::release);
        m.unlock();
        c.notify_one();
      });
    });
    return o.how == verdict::deadlock;
  };
}

std::vector<race> const races{
    {"account", account(false), account(true)},
    {"philosophers_3", philosophers(3, false), philosophers(3, true)},
    {"philosophers_5", philosophers(5, false), philosophers(5, true)},
    {"reorder_3", reorder(3, false), reorder(3, true)},
    {"reorder_5", reorder(5, false), reorder(5, true)},
    {"reorder_10", reorder(10, false), reorder(10, true)},
    {"two_stage", two_stage(1, false), two_stage(1, true)},
    {"two_stage_10", two_stage(10, false), two_stage(10, true)},
    {"lost_wake_up", lost_wake_up(false), lost_wake_up(true)},
};

/// The profile of one run, by uniform choice.
profile profile_of(scenario const& s, world& w) {
  detail::sim::strategies all;
  detail::sim::profiler takes(all.of({}));
  s({w, 1, {}, &takes});
  return takes.taken();
}

/// The number of the first schedule that shows the bug, by the default mixture.
int schedules_to(scenario const& s, std::uint64_t trial, int limit) {
  world w;
  profile const p = profile_of(s, w);
  for (int n = 1; n <= limit; ++n) {
    std::uint64_t const seed = mix64(trial * 1'000'003 + static_cast<std::uint64_t>(n));
    if (s({w, seed, plan::of(seed, p)})) return n;
  }
  return limit + 1;
}

class known_races : public testing::TestWithParam<race> {};

}  // namespace

TEST_P(known_races, each_is_found_within_two_thousand_schedules_in_every_trial) {
  for (std::uint64_t trial = 1; trial <= 20; ++trial)
    ASSERT_LE(schedules_to(GetParam().broken, trial, 2000), 2000) << "trial " << trial;
}

TEST_P(known_races, its_mended_twin_stays_silent) {
  EXPECT_EQ(schedules_to(GetParam().mended, 99, 2000), 2001);
}

INSTANTIATE_TEST_SUITE_P(strategies, known_races, testing::ValuesIn(races),
                         [](auto const& each) { return each.param.name; });

TEST(strategy, each_way_by_itself_finds_a_lost_wake_up_and_repeats_a_run_of_one_seed) {
  scenario const s = lost_wake_up(false);
  world first;
  profile const taken = profile_of(s, first);
  for (way const how : {way::uniform, way::sticky, way::pct, way::pos, way::surw}) {
    plan const p{.how = how, .stay_percent = 50, .depth = 3, .points = 20, .of_run = &taken};
    std::uint64_t seed = 1;
    world w;
    auto const shows = [&] { return s({w, seed, p}); };
    while (seed < 2000 && !shows()) ++seed;
    ASSERT_LT(seed, 2000U) << static_cast<int>(how);
    for (int again = 0; again != 5; ++again) EXPECT_TRUE(shows()) << static_cast<int>(how);
  }
}

// A random walk sees "all of a's first" as often as 1 in 32, one of 252 orders; here each order of
// five and five has the same chance.
TEST(strategy, surw_gives_every_order_at_one_object_about_the_same_chance) {
  std::map<std::string, int> orders;
  constexpr int runs = 2520 * 4;
  std::string order;
  auto const body = [&order] {
    seam::atomic<int> x{0};
    order.clear();
    auto const five = [&](char c) {
      for (int i = 0; i != 5; ++i) {
        x.fetch_add(1, seam::relaxed);
        order += c;
      }
    };
    seam::thread a([&] { five('a'); }), b([&] { five('b'); });
  };
  world w;
  profile const taken = profile_of(
      [&](one_run r) {
        r.run(body);
        return false;
      },
      w);
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    w.run(mix64(seed), {.how = way::surw, .gang_start = true, .of_run = &taken}, body);
    ++orders[order];
  }
  EXPECT_EQ(orders.size(), 252U);
  int most = 0, least = runs;
  for (auto const& [text, n] : orders) {
    most = std::max(most, n);
    least = std::min(least, n);
  }
  EXPECT_LT(most, 2 * runs / 252);  // 40 each on average
  EXPECT_GT(least, runs / 252 / 3);
}

TEST(strategy, a_gang_starts_together) {
  int first_of_last = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::string order;
    world w;
    w.run(seed, {.how = way::uniform, .gang_start = true}, [&] {
      seam::atomic<int> step{0};
      auto const note = [&](char c) {
        step.fetch_add(1, seam::relaxed);
        order += c;
      };
      seam::thread a([&] { note('a'); }), b([&] { note('b'); }), c([&] { note('c'); });
    });
    first_of_last += order.starts_with('c') ? 1 : 0;
  }
  EXPECT_GT(first_of_last, 30);  // a third of the runs, if all have the same chance
}

// By priorities alone the two would take turns with each other for ever.
TEST(strategy, threads_that_yield_keep_no_other_one_waiting) {
  for (way const how : {way::uniform, way::sticky, way::pct, way::pos})
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
      seam::atomic<bool> done{false};
      world w;
      outline const o =
          w.run(seed, {.how = how, .stay_percent = 95, .depth = 3, .points = 20}, [&] {
            auto const waits = [&] {
              while (!done.load(seam::acquire)) seam::yield_thread();
            };
            seam::thread a(waits), b(waits), c([&] { done.store(true, seam::release); });
          });
      ASSERT_EQ(o.how, verdict::ended) << static_cast<int>(how) << ", seed " << seed;
      ASSERT_LT(o.points, 1000U) << static_cast<int>(how) << ", seed " << seed;
    }
}
