// SPDX-License-Identifier: Apache-2.0
// Groups in the background with shares, on a pool under many schedules: time stands still there
// while anybody computes, so turns count alone, and their order is known.
#include <algorithm>
#include <string>

#include <quartet/core/blocking.hpp>
#include <quartet/core/group.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/futex.hpp>
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

/// Time passes while the worker is in here.
void spend(duration d) {
  seam::futex_word never_woken{0};
  time_point const end = clock::now() + d;
  while (clock::now() < end) seam::futex_wait(never_woken, 0, end);
}

/// One call after the other in the background, until there are `enough`.
template <class F>
task<> keep_calling(thread_pool& pool, F f, shared<int>& calls, shared<int> const& until) {
  while (until.read() < 60) {
    co_await pool.submit(f);
    calls += 1;
  }
}

/// How often `f` was called in a group with `share`, while another one with 100 made 60 calls of a
/// millisecond.
template <class F> int calls_beside_another(unsigned share, F f) {
  shared<int> ours = 0, theirs = 0;
  thread_pool pool({.workers = 1});
  auto const with_share = [&](group&) { return keep_calling(pool, f, ours, theirs); };
  auto const opens = [&]() -> task<> {
    group_options const o{.share = share};
    co_await with_group(o, with_share);
  };
  auto const both = [&](group& g) -> task<> {
    g.spawn({.level = priority::background}, opens);
    g.spawn({.level = priority::background}, [&] {
      auto const spends = [] { spend(std::chrono::milliseconds(1)); };
      return keep_calling(pool, spends, theirs, theirs);
    });
    co_return;
  };
  auto const opens_both = [&]() -> task<> { co_await with_group(both); };
  pool.submit(opens_both).blocking_get();
  return ours.read();
}

}  // namespace

TEST(races, a_group_pays_for_the_time_of_its_calls) {
  explored_without_delays(100, [] {
    int const dear = calls_beside_another(100, [] { spend(std::chrono::milliseconds(9)); });
    EXPECT_GE(dear, 4);
    EXPECT_LE(dear, 12) << "a ninth of 60, and a few before their price was known";
  });
}

TEST(races, a_group_does_not_pay_for_what_it_waits) {
  explored_without_delays(100, [] {
    auto const waits = [] { blocking([] { spend(std::chrono::milliseconds(2)); }); };
    EXPECT_GE(calls_beside_another(1, waits), 15) << "one for every other call of theirs";
  });
}

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
