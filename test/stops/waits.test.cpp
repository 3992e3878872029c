// SPDX-License-Identifier: Apache-2.0
// Structure under a stop: scopes, groups and awaited calls end with all that they have begun.
#include <array>
#include <chrono>

#include <quartet/algo/as_completed.hpp>
#include <quartet/algo/fork_each.hpp>
#include <quartet/algo/fork_join.hpp>
#include <quartet/algo/map.hpp>
#include <quartet/algo/parallel_each.hpp>
#include <quartet/algo/parallel_invoke.hpp>
#include <quartet/algo/when_all.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/atomic.hpp>

#include "stops/stopped_everywhere.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::frame;
using test::went_on;

namespace {

/// Counts itself while it lives: what was begun must have ended when its opener goes on.
class counted {
 public:
  explicit counted(seam::atomic<int>& n) : n_(n) { n_.fetch_add(1, seam::relaxed); }
  counted(counted const&) = delete;
  ~counted() { n_.fetch_sub(1, seam::relaxed); }

 private:
  seam::atomic<int>& n_;
};

task<int> nap(seam::atomic<int>* alive) {
  counted const here(*alive);
  co_await sleep_for(1ms);
  co_return 1;
}

/// Runs `f(&alive)` in a pool: nothing of it is alive when it ends, however it does.
template <class F> void ends_with_all(F f) {
  seam::atomic<int> alive{0};
  thread_pool pool({.workers = 2});
  auto call = pool.submit(f, &alive);
  went_on(call);
  EXPECT_EQ(alive.load(seam::relaxed), 0);
}

/// Behind a wait: one that begins when the stop has come must not be survived.
void survived(bool stopped_before) { EXPECT_FALSE(stopped_before) << "a stop was overlooked"; }

task<> yields() {
  frame const here{0};
  for (int i = 0; i != 3; ++i) {
    bool const before = stop_requested();
    co_await yield();
    survived(before);
  }
}
void asks() {
  for (int i = 0; i != 3; ++i) {
    bool const before = stop_requested();
    checkpoint();
    survived(before);
  }
}
task<> sleeps() {
  frame const here{0};
  for (auto const d : {1ms, -1ms}) {
    bool const before = stop_requested();
    co_await sleep_for(d);
    survived(before);
  }
}
task<> hops(executor_base* home, executor_base* other) {
  frame const here{0};
  for (auto* const to : {other, home}) {
    bool const before = stop_requested();
    co_await hop(*to);
    survived(before);
  }
}

task<> opens_group(seam::atomic<int>* alive) {
  frame const here{0};
  auto const body = [alive](group& g) -> task<> {
    g.spawn(nap, alive);
    g.spawn(nap, alive);
    co_await yield();
  };
  co_await with_group(body);
  EXPECT_EQ(alive->load(seam::relaxed), 0);
}
task<> opens_scopes(seam::atomic<int>* alive) {
  frame const here{0};
  co_await with_timeout(1h, nap, alive);
  int const kept = co_await with_shield(nap, alive);
  EXPECT_EQ(kept, 1) << "a shield lets no stop through";
  auto const body = [](scope&, seam::atomic<int>* n) -> task<> { co_await nap(n); };
  co_await with_scope(body, alive);
}
task<> awaits_all(seam::atomic<int>* alive) {
  frame const here{0};
  auto const [a, b] = co_await when_all(nap(alive), nap(alive));
  EXPECT_EQ(a + b, 2);
}
task<> forks(seam::atomic<int>* alive) {
  frame const here{0};
  auto const [a, b] = co_await fork_join([alive] { return nap(alive); },  //
                                         [alive] { return nap(alive); });
  EXPECT_EQ(a + b, 2);
}
task<> forks_each(seam::atomic<int>* alive) {
  frame const here{0};
  auto const branch = [alive](std::size_t) -> task<> { co_await nap(alive); };
  co_await fork_each(3, branch);
  EXPECT_EQ(alive->load(seam::relaxed), 0);
}
void looks(seam::atomic<int>* alive) {
  counted const here(*alive);
  checkpoint();
}
void forks_plainly(seam::atomic<int>* alive) {
  parallel_invoke([=] { looks(alive); }, [=] { looks(alive); });
  parallel_each(3, [=](std::size_t) { looks(alive); });
}
task<> awaits_call(thread_pool* on, seam::atomic<int>* alive) {
  frame const here{0};
  auto call = on->submit(nap, alive);
  int const n = co_await call;
  EXPECT_EQ(n, 1);
}

// An item of a bulk call.
auto item_of(seam::atomic<int>* alive) {
  return [alive](int) { return nap(alive); };
}
task<> awaits_map(thread_pool* on, seam::atomic<int>* alive) {
  frame const here{0};
  std::array const items{1, 2};
  auto const item = item_of(alive);
  auto all = map(*on, items, item);
  auto const results = co_await all;
  EXPECT_EQ(results.size(), 2U);
}
task<> awaits_each(thread_pool* on, seam::atomic<int>* alive) {
  frame const here{0};
  std::array const items{1, 2};
  auto const item = item_of(alive);
  auto all = as_completed(*on, items, item);
  for (;;) {
    auto const done = co_await all.next();
    if (!done) co_return;
  }
}

/// Likewise with another pool that the call may use.
template <class F> void ends_with_both(F f) {
  seam::atomic<int> alive{0};
  {
    thread_pool other({.workers = 1}), pool({.workers = 1});
    auto call = pool.submit(f, &other, &alive);
    went_on(call);
  }
  EXPECT_EQ(alive.load(seam::relaxed), 0);
}

}  // namespace

TEST(stops, yield) {
  test::stopped_everywhere("yield", [] {
    thread_pool pool({.workers = 2});
    auto a = pool.submit(yields), b = pool.submit(yields), c = pool.submit(asks);
    for (auto* f : {&a, &b, &c}) went_on(*f);
  });
}

TEST(stops, sleep) {
  test::stopped_everywhere("sleep", [] {
    thread_pool pool({.workers = 2});
    auto a = pool.submit(sleeps), b = pool.submit({.timeout = 1ms}, sleeps);
    auto c = pool.submit([] { blocking_sleep_for(1ms); });
    for (auto* f : {&a, &b, &c}) went_on(*f);
  });
}

TEST(stops, hop) {
  test::stopped_everywhere("hop", [] {
    event_loop loop;
    thread_pool pool({.workers = 1});
    auto a = loop.submit(hops, &loop, &pool), b = loop.submit(hops, &loop, &pool);
    for (auto* f : {&a, &b}) went_on(*f);
  });
}

TEST(stops, group) {
  test::stopped_everywhere("group", [] { ends_with_all(opens_group); });
}

TEST(stops, scope) {
  test::stopped_everywhere("scope", [] { ends_with_all(opens_scopes); });
}

TEST(stops, when_all) {
  test::stopped_everywhere("when_all", [] { ends_with_all(awaits_all); });
}

TEST(stops, fork_join) {
  test::stopped_everywhere("fork_join", [] { ends_with_all(forks); });
}

TEST(stops, fork_each) {
  test::stopped_everywhere("fork_each", [] { ends_with_all(forks_each); });
}

TEST(stops, parallel) {
  test::stopped_everywhere("parallel", [] { ends_with_all(forks_plainly); });
}

TEST(stops, future) {
  test::stopped_everywhere("future", [] { ends_with_both(awaits_call); });
}

TEST(stops, map) {
  test::stopped_everywhere("map", [] { ends_with_both(awaits_map); });
}

TEST(stops, as_completed) {
  test::stopped_everywhere("as_completed", [] { ends_with_both(awaits_each); });
}
