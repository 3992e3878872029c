// SPDX-License-Identifier: Apache-2.0
// Groups in the background with shares, on a pool under many schedules: time stands still there
// while anybody computes, so turns count alone, and their order is known.
#include <algorithm>
#include <string>

#include <quartet/core/group.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>

#include "races/explored.hpp"

using namespace quartet;
using test::explored_without_delays;

namespace {

/// Leaves `n` tasks in the background, each of which adds `letter` to `trace`.
task<> leave(thread_pool& pool, char letter, unsigned share, int n, shared<std::string>& trace) {
  auto const adds = [&, letter] { trace.write() += letter; };
  auto const fills = [&](group& g) -> task<> {
    for (int i = 0; i != n; ++i) {
      if (i % 2 == 0)
        g.spawn({.level = priority::background}, adds);
      else
        g.spawn({.level = priority::background},
                [&pool, adds]() -> task<> { co_await pool.submit(adds); });
    }
    co_return;
  };
  group_options const o{.share = share};
  co_await with_group(o, fills);
}

}  // namespace

TEST(races, groups_in_the_background_get_turns_by_their_shares) {
  explored_without_delays(500, [] {
    shared<std::string> trace;
    {
      thread_pool pool({.workers = 1});
      auto const both = [&](group& g) -> task<> {
        g.spawn(leave, std::ref(pool), 'a', 300u, 12, std::ref(trace));
        g.spawn(leave, std::ref(pool), 'b', 100u, 12, std::ref(trace));
        co_return;
      };
      auto const opens = [&]() -> task<> { co_await with_group(both); };
      pool.submit(opens).blocking_get();
    }
    std::string const first = trace.read().substr(0, 8);
    EXPECT_GE(std::ranges::count(first, 'a'), 5) << trace.read();
    EXPECT_GE(std::ranges::count(first, 'b'), 1) << trace.read();
    EXPECT_EQ(std::ranges::count(trace.read(), 'a'), 12);
    EXPECT_EQ(std::ranges::count(trace.read(), 'b'), 12);
  });
}
