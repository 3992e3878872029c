// SPDX-License-Identifier: Apache-2.0
// Blocking groups under many schedules: blocks that go round, the last end against the join.
#include <stdexcept>

#include <quartet/core/blocking_group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>

#include "races/explored.hpp"

using namespace quartet;
using test::explored;

namespace {

task<> set_later(shared<int>* to, int x) {
  co_await yield();
  *to = x;
}

}  // namespace

// More calls than blocks, so that some stand where others stood.
TEST(races, whoever_joins_a_blocking_group_sees_what_its_calls_wrote) {
  explored(2000, [] {
    thread_pool pool({.workers = 2});
    shared<int> got[6] = {}, late;
    blocking_group g(pool);
    for (int round = 1; round != 3; ++round) {
      for (auto& each : got) g.spawn([&each, round] { each = round; });
      g.spawn(set_later, &late, round);
      g.blocking_join();
      EXPECT_EQ(got[1], round);
    }
  });
}

// One may be spawned while a worker takes the one before it, with which it would go.
TEST(races, a_call_goes_with_the_one_before_it_or_by_itself_but_once) {
  explored(2000, [] {
    thread_pool pool({.workers = 2});
    shared<int> got[4] = {};
    blocking_group g(pool);
    for (auto& each : got) g.spawn([&each] { each = each + 1; });
    g.blocking_join();
    for (auto& each : got) EXPECT_EQ(each, 1);
  });
}

TEST(races, the_first_failure_of_a_blocking_group_is_thrown_by_its_join) {
  explored(1000, [] {
    thread_pool pool({.workers = 2});
    blocking_group g(pool);
    shared<int> ran[2] = {};
    g.spawn([] { throw std::out_of_range("one"); });
    for (auto& each : ran) g.spawn([&each] { each = 1; });
    g.spawn([] { throw std::out_of_range("other"); });
    EXPECT_THROW(g.blocking_join(), std::out_of_range);
    EXPECT_LE(ran[0] + ran[1], 2);
  });
}

TEST(races, a_join_is_refused_while_the_last_call_ends_elsewhere) {
  explored(500, [] {
    thread_pool pool({.workers = 1});
    event_loop loop;
    auto const run = [](event_loop* l, thread_pool* p) -> task<> {
      blocking_group g(*l);
      g.spawn([p]() -> task<> { co_await hop(*p); });
      co_await yield();  // it begins, and hops
      co_await yield();
      try {
        g.blocking_join();
      } catch (would_deadlock const&) {
      }
    };
    loop.run(run, &loop, &pool);
  });
}
