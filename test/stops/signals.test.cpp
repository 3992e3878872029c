// SPDX-License-Identifier: Apache-2.0
// Whoever is stopped while he waits for something to happen takes nothing of it from the others.
#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/sync/barrier.hpp>
#include <quartet/sync/condition.hpp>
#include <quartet/sync/event.hpp>
#include <quartet/sync/latch.hpp>

#include "stops/stopped_everywhere.hpp"

using namespace quartet;
using test::frame;
using test::owed;
using test::went_on;

namespace {

task<> wait_for(event* e) {
  frame const here{0};
  co_await e->wait();
}
task<> set(event* e) {
  frame const here{0};
  co_await yield();
  e->set();
}

template <class F> task<> arrive(latch* l, owed<F> counts) {
  frame const here{0};
  counts.paid();
  co_await l->arrive_and_wait();
}

// For two phases; who is stopped, or never came, leaves.
template <class F> task<> meet(barrier<>* b, owed<F> leaves) {
  frame const here{0};
  leaves.paid();
  for (int phase = 0; phase != 2; ++phase) {
    auto const mine = b->arrive();
    owed drops([b, mine] { b->drop(mine); });
    co_await b->wait(mine);
    drops.paid();
  }
  b->arrive_and_drop();
}

/// Turns that are given and taken.
struct turns {
  mutex m;
  condition changed;
  shared<int> given = 0, taken = 0;

  bool left() const { return given != taken; }
  void give() {
    {
      lock_guard const l(m);
      ++given;
    }
    changed.notify_one();
  }
};
task<> take_turn(turns* t) {
  frame const here{0};
  auto const l = co_await t->m.scoped_lock();
  auto const there = [t] { return t->left(); };
  co_await t->changed.wait(t->m, there);
  ++t->taken;
}
void take_turn_blocking(turns* t) {
  lock_guard const l(t->m);
  t->changed.blocking_wait(t->m, [t] { return t->left(); });
  ++t->taken;
}

}  // namespace

TEST(stops, event) {
  test::stopped_everywhere("event", [] {
    event e;
    thread_pool pool({.workers = 2});
    auto a = pool.submit(wait_for, &e), b = pool.submit(wait_for, &e);
    auto c = pool.submit([&e] { e.blocking_wait(); }), sets = pool.submit(set, &e);
    if (!went_on(sets)) e.set();
    for (auto* f : {&a, &b, &c}) went_on(*f);
    EXPECT_TRUE(e.is_set());
  });
}

TEST(stops, latch) {
  test::stopped_everywhere("latch", [] {
    latch l(2);
    thread_pool pool({.workers = 2});
    auto const count = [&l] { l.count_down(); };
    using counts = owed<decltype(count)>;
    auto a = pool.submit(arrive<decltype(count)>, &l, counts(count));
    auto b = pool.submit(arrive<decltype(count)>, &l, counts(count));
    auto c = pool.submit([&l] { l.blocking_wait(); });
    for (auto* f : {&a, &b, &c}) went_on(*f);
    EXPECT_TRUE(l.try_wait()) << "an arrival was lost";
  });
}

TEST(stops, barrier) {
  test::stopped_everywhere("barrier", [] {
    barrier<> b(3);
    {
      thread_pool pool({.workers = 2});
      auto const leave = [&b] { b.arrive_and_drop(); };
      using leaves = owed<decltype(leave)>;
      auto x = pool.submit(meet<decltype(leave)>, &b, leaves(leave));
      auto y = pool.submit(meet<decltype(leave)>, &b, leaves(leave));
      for (int phase = 0; phase != 3; ++phase) b.blocking_arrive_and_wait();
      for (auto* f : {&x, &y}) went_on(*f);
    }
    b.blocking_arrive_and_wait();  // all others have gone
  });
}

TEST(stops, condition) {
  test::stopped_everywhere("condition", [] {
    turns t;
    int took = 0;
    {
      thread_pool pool({.workers = 2});
      auto a = pool.submit(take_turn, &t), b = pool.submit(take_turn, &t);
      auto c = pool.submit([&t] { take_turn_blocking(&t); });
      for (int i = 0; i != 3; ++i) t.give();
      for (auto* f : {&a, &b, &c}) took += went_on(*f) ? 1 : 0;
    }
    EXPECT_EQ(t.taken, took);
    EXPECT_TRUE(t.m.try_lock()) << "somebody stopped has it";
    t.m.unlock();
  });
}
