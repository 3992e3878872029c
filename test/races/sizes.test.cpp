// SPDX-License-Identifier: Apache-2.0
// Pools that become larger and smaller while they work, under many schedules.
#include <vector>

#include <quartet/core/blocking.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>

#include "races/explored.hpp"
#include "races/open_pool.hpp"

using namespace quartet;
using test::explored;
using test::open_pool;

TEST(races, a_pool_that_is_resized_while_it_works_loses_nothing) {
  explored(2000, [] {
    shared<int> done[6] = {};
    {
      open_pool pool(1, 2);
      seam::thread machine([&] {
        for (unsigned const n : {2u, 1u, 2u, 1u}) pool.resize(n);
      });
      std::vector<future<void>> all;
      for (auto& each : done) all.push_back(pool.submit([&] { blocking([&] { each = 1; }); }));
      for (auto& f : all) f.blocking_get();
    }
    for (auto const& each : done) EXPECT_EQ(each.read(), 1);
  });
}

// The second worker is there for the call that the first one waits for.
TEST(races, a_pool_that_grows_brings_a_thread_for_what_waits) {
  explored(2000, [] {
    open_pool pool(1, 2);
    seam::atomic<int> inside{0};
    auto const meets = [&] {
      inside.fetch_add(1, seam::relaxed);
      while (inside.load(seam::relaxed) != 2) seam::yield_thread();
    };
    auto a = pool.submit(meets), b = pool.submit(meets);
    pool.resize(2);
    a.blocking_get();
    b.blocking_get();
  });
}

// Once one has stepped back there is one call at a time.
TEST(races, a_pool_that_shrinks_runs_one_call_at_a_time_in_the_end) {
  explored(1000, [] {
    open_pool pool(2);
    seam::atomic<int> inside{0}, most{0};
    auto const counted = [&] {
      int const now = inside.fetch_add(1, seam::relaxed) + 1;
      if (now > most.load(seam::relaxed)) most.store(now, seam::relaxed);
      seam::yield_thread();
      inside.fetch_sub(1, seam::relaxed);
    };
    auto const run = [&] {
      most.store(0, seam::relaxed);
      std::vector<future<void>> all;
      for (int i = 0; i != 3; ++i) all.push_back(pool.submit(counted));
      for (auto& f : all) f.blocking_get();
      return most.load(seam::relaxed);
    };
    run();
    pool.resize(1);
    int rounds = 0;
    while (run() != 1) ++rounds;
    EXPECT_LE(rounds, 3);
    EXPECT_EQ(run(), 1);
  });
}
