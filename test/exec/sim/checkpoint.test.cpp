// SPDX-License-Identifier: Apache-2.0
// A stop at a checkpoint of a simulated run: at once, or some time later, and what is left then.
#include <gtest/gtest.h>

#include <quartet/core/stop.hpp>
#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;
using detail::sim::outline;
using detail::sim::run_settings;
using detail::sim::verdict;
using detail::sim::world;

namespace {

outline run(run_settings how, auto&& body) {
  world w;
  detail::sim::strategies all;
  return w.run(all.of(detail::sim::plan::of(how.seed, 20)), how, body);
}

/// How often one who looks three times sees a stop that is requested at the second look.
int seen(std::uint64_t seed, bool at_once) {
  int n = 0;
  outline const o = run({.seed = seed, .stop_at = 2, .stop_at_once = at_once}, [&n] {
    stop_source s;
    for (int i = 0; i != 3; ++i) n += s.requested() ? 1 : 0;
  });
  EXPECT_EQ(o.how, verdict::ended);
  EXPECT_EQ(o.checkpoints, 3U);
  EXPECT_TRUE(o.stop_requested);
  return n;
}

}  // namespace

TEST(checkpoint, a_stop_at_once_is_seen_by_the_look_at_which_it_is_requested) {
  for (std::uint64_t seed = 1; seed != 100; ++seed) ASSERT_EQ(seen(seed, true), 2) << seed;
}

TEST(checkpoint, a_stop_that_is_not_may_come_later) {
  int sooner = 0, later = 0;
  for (std::uint64_t seed = 1; seed != 100; ++seed) ++(seen(seed, false) == 2 ? sooner : later);
  EXPECT_NE(sooner, 0);
  EXPECT_NE(later, 0);
}

TEST(checkpoint, who_listens_under_a_lock_is_told_when_the_lock_is_free) {
  for (std::uint64_t seed = 1; seed != 100; ++seed) {
    int told = 0;
    outline const o = run({.seed = seed, .stop_at = 2}, [&told] {
      stop_source s;
      seam::mutex m;
      auto const tell = [&] {
        seam::guard const g(m);
        ++told;
      };
      seam::guard g(m);
      stop_callback const listens(s.token(), tell);
      EXPECT_EQ(told, 0);
      g.unlock();
      m.lock();
      EXPECT_EQ(told, 1) << "the stop did not go first";
      m.unlock();
    });
    ASSERT_EQ(o.how, verdict::ended) << seed;
  }
}

TEST(checkpoint, data_that_outlives_a_run_that_is_to_leave_nothing_ends_it_so) {
  detail::shared_data<int, true>* left = nullptr;
  auto const leaves = [&left] { left = new detail::shared_data<int, true>(1); };
  for (bool const nothing : {false, true}) {
    outline const o = run({.leaves_nothing = nothing}, leaves);
    EXPECT_EQ(o.how, nothing ? verdict::remains : verdict::ended);
    EXPECT_EQ(o.data, 1);
    delete left;
  }
}
