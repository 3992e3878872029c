// SPDX-License-Identifier: Apache-2.0
// blocking_group: many calls from plain code, each run once or stopped, waited for together.
#include <algorithm>
#include <array>
#include <bit>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <stdexcept>

#include <quartet/core/blocking_group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/event.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

using counter = seam::atomic<int>;

/// One worker, kept from beginning anything until `go`: what is spawned meanwhile goes together.
struct held_pool {
  held_pool() { pool.pause(); }
  void go() { pool.resume(); }
  thread_pool pool{{.workers = 1, .patience = {}}};
};

/// Keeps what it is given, as one line from outside.
struct keeping_executor final : executor_members<any_call> {
  ~keeping_executor() override { wait_until_idle(); }
  void start(call& c) noexcept override { kept.push_back(&c); }
  std::uint64_t started() const noexcept override { return kept.size(); }
  timer_service& timers() noexcept override { return timers_of.timers(); }
  std::vector<call*> kept;
  manual_executor timers_of;
};

void add(counter* to, int n) { to->fetch_add(n, seam::relaxed); }
task<> add_later(counter* to, int n) {
  co_await yield();
  add(to, n);
}

}  // namespace

TEST(blocking_group, runs_functions_and_coroutines_on_every_executor_of_this_process) {
  inline_executor here;
  event_loop loop;
  manual_executor by_hand;
  thread_pool pool{{.workers = 3}};
  auto const check = [](auto& e) {
    counter sum{0};
    blocking_group g(e);
    for (int i = 1; i <= 100; ++i) {
      g.spawn(add, &sum, i);
      g.spawn(add_later, &sum, i);
    }
    g.blocking_join();
    EXPECT_EQ(sum.load(seam::relaxed), 10'100);
  };
  check(here);
  check(loop);
  check(by_hand);
  check(pool);
}

TEST(blocking_group, is_as_new_after_a_join) {
  thread_pool pool{{.workers = 2}};
  counter sum{0};
  blocking_group g(pool);
  g.blocking_join();
  for (int round = 1; round <= 200; ++round) {
    for (int i = 0; i != 100; ++i) g.spawn(add, &sum, 1);
    g.blocking_join();
    ASSERT_EQ(sum.load(seam::relaxed), 100 * round);
  }
}

TEST(blocking_group, the_first_failure_stops_the_rest_and_is_thrown_once) {
  thread_pool one{{.workers = 1}};
  blocking_group g(one);
  counter ran{0};
  seam::atomic<bool> go{false};
  g.spawn([&] {
    while (!go.load(seam::acquire)) seam::yield_thread();  // blocking would give the slot away
    throw std::out_of_range("first");
  });
  for (int i = 0; i != 10; ++i) g.spawn(add, &ran, 1);
  go.store(true, seam::release);
  EXPECT_THROW(g.blocking_join(), std::out_of_range);
  EXPECT_EQ(ran.load(seam::relaxed), 0) << "one worker: they had not begun";
  g.spawn(add, &ran, 100);
  g.blocking_join();
  EXPECT_EQ(ran.load(seam::relaxed), 100);
}

TEST(blocking_group, what_is_stopped_before_it_begins_never_runs) {
  manual_executor by_hand;
  counter ran{0};
  {
    blocking_group g(by_hand);
    for (int i = 0; i != 10; ++i) g.spawn(add, &ran, 1);
    g.stop();
    EXPECT_THROW(g.blocking_join(), stopped);
    for (int i = 0; i != 10; ++i) g.spawn(add, &ran, 1);
  }  // not joined
  EXPECT_EQ(ran.load(seam::relaxed), 0);
}

TEST(blocking_group, large_and_move_only_callables_are_freed) {
  thread_pool pool{{.workers = 2}};
  auto const alive = std::make_shared<int>(0);
  {
    blocking_group g(pool);
    for (int i = 0; i != 1000; ++i) {
      std::array<char, 400> big{};
      g.spawn([alive, big] { return big[0]; });
      g.spawn([p = std::make_unique<int>(i), alive] { return *p; });
    }
    g.blocking_join();
  }
  EXPECT_EQ(alive.use_count(), 1);
}

TEST(blocking_group, callables_lie_where_their_alignment_wants) {
  struct alignas(128) wide {
    char bytes[128];
  };
  thread_pool pool{{.workers = 2}};
  seam::atomic<int> wrong{0};
  blocking_group g(pool);
  for (int i = 0; i != 100; ++i)
    g.spawn(
        [&wrong](wide const& w) {
          wrong.fetch_add(std::bit_cast<std::uintptr_t>(&w) % 128 != 0, seam::relaxed);
        },
        wide{});
  g.blocking_join();
  EXPECT_EQ(wrong.load(seam::relaxed), 0);
}

TEST(blocking_group, a_callable_that_throws_when_moved_starts_nothing) {
  struct bad {
    bad() = default;
    bad(bad const&) { throw std::runtime_error("copied"); }
    void operator()() const {}
  };
  thread_pool pool{{.workers = 1}};
  blocking_group g(pool);
  bad const b;
  EXPECT_THROW(g.spawn(b), std::runtime_error);
  g.blocking_join();
}

TEST(blocking_group, many_small_calls_of_one_function_go_to_the_executor_as_one) {
  keeping_executor e;
  counter sum{0};
  blocking_group g(e);
  for (int i = 0; i != 8; ++i) g.spawn(add, &sum, 1);
  EXPECT_EQ(e.kept.size(), 1u);
  g.spawn([&sum] { add(&sum, 10); });
  EXPECT_EQ(e.kept.size(), 2u) << "another function";
  g.spawn(add, &sum, 1);
  EXPECT_EQ(e.kept.size(), 3u) << "not in front of what was spawned before it";
  for (int i = 0; i != 100; ++i) g.spawn(add, &sum, 1);
  EXPECT_GT(e.kept.size(), 3u) << "no more than a few";
  EXPECT_LT(e.kept.size(), 30u);
  std::exception_ptr const lost = std::make_exception_ptr(std::underflow_error("lost"));
  for (std::size_t i = 0; i != e.kept.size(); ++i)
    e.kept[i]->fail(*e.kept[i], 0, 1, ending::failed, lost);
  EXPECT_THROW(g.blocking_join(), std::underflow_error);
  EXPECT_EQ(sum.load(seam::relaxed), 0);
}

TEST(blocking_group, calls_of_other_levels_go_alone_to_where_they_wait) {
  thread_pool pool{{.workers = 1}};
  keeping_executor e;
  auto const outer = [&e] {
    blocking_group g(e);
    for (int i = 0; i != 3; ++i) g.spawn([] {});
    EXPECT_EQ(e.kept.size(), 3u);
    for (call* const c : e.kept) c->run(*c, 0, 1);
    g.blocking_join();
  };
  pool.submit({.level = priority::urgent}, outer).blocking_get();
}

TEST(blocking_group, an_argument_may_spawn_while_it_is_copied) {
  static blocking_group* into = nullptr;
  struct spawning {
    explicit spawning(std::vector<int>* x, int n) : to(x), number(n) {}
    spawning(spawning const& other) : to(other.to), number(other.number) {
      if (number == 1) into->spawn(note, spawning(to, 10));
    }
    spawning(spawning&&) noexcept = default;
    static void note(spawning const& s) { s.to->push_back(s.number); }
    std::vector<int>* to;
    int number;
  };
  held_pool held;
  blocking_group g(held.pool);
  into = &g;
  std::vector<int> order;
  for (int i = 0; i != 3; ++i) {
    spawning const s(&order, i);
    g.spawn(spawning::note, s);
  }
  held.go();
  g.blocking_join();
  EXPECT_EQ(order, (std::vector{0, 10, 1, 2}));
}

TEST(blocking_group, what_fails_unrun_is_freed) {
  auto const alive = std::make_shared<int>(0);
  keeping_executor e;
  blocking_group g(e);
  for (int i = 0; i != 3; ++i) g.spawn([alive] { ADD_FAILURE() << "it never ran"; });
  ASSERT_EQ(e.kept.size(), 1u);
  EXPECT_EQ(alive.use_count(), 4);
  e.kept[0]->fail(*e.kept[0], 0, 1, ending::stopped, nullptr);
  g.blocking_join();
  EXPECT_EQ(alive.use_count(), 1);
}

TEST(blocking_group, calls_begin_in_the_order_of_their_spawning) {
  held_pool held;
  std::vector<int> order;
  blocking_group a(held.pool), b(held.pool);
  std::vector<future<void>> others;
  auto const note = [&order](int i) { order.push_back(i); };
  auto const other_note = [&order](int i) { order.push_back(i); };
  for (int i = 0; i < 1200;) {
    for (int k = 0; k != 50; ++k) a.spawn(note, i++);
    b.spawn(note, i++);
    a.spawn(other_note, i++);
    a.spawn(note, i++);
    others.push_back(held.pool.submit(note, i++));
  }
  held.go();
  a.blocking_join();
  b.blocking_join();
  for (auto& f : others) f.blocking_get();
  ASSERT_GE(order.size(), 1200u);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(blocking_group, a_call_that_waits_keeps_none_of_those_that_came_with_it) {
  held_pool held;
  event set;
  blocking_group g(held.pool);
  counter ended{0}, before_the_first{0};
  for (int i = 0; i != 5; ++i)
    g.spawn(
        [&](int n) {
          if (n == 0) set.blocking_wait();
          if (n == 3) set.set();
          int const others = ended.fetch_add(1, seam::relaxed);
          if (n == 0) before_the_first.store(others, seam::relaxed);
        },
        i);
  held.go();
  g.blocking_join();
  EXPECT_EQ(ended.load(seam::relaxed), 5);
  EXPECT_GE(before_the_first.load(seam::relaxed), 2) << "the second and the third call";
}

TEST(blocking_group, what_is_urgent_or_paused_comes_between_calls_that_came_together) {
  held_pool held;
  blocking_group g(held.pool);
  std::vector<int> order;
  std::optional<future<void>> urgent;
  seam::atomic<std::uint64_t> rests{0};  // of the worker, before it pauses all; 0: not yet
  auto const call = [&](int n) {
    order.push_back(n);
    if (n == 1)
      urgent.emplace(held.pool.submit({.level = priority::urgent}, [&] { order.push_back(99); }));
    if (n == 3) {
      held.pool.pause();
      rests.store(held.pool.counters().parks + 1, seam::release);
    }
  };
  for (int i = 0; i != 6; ++i) g.spawn(call, i);
  held.go();
  while (rests.load(seam::acquire) == 0) seam::yield_thread();
  while (held.pool.counters().parks < rests.load(seam::relaxed)) seam::yield_thread();
  EXPECT_EQ(order, (std::vector{0, 1, 99, 2, 3}));
  held.pool.resume();
  g.blocking_join();
  urgent->blocking_get();
  EXPECT_EQ(order, (std::vector{0, 1, 99, 2, 3, 4, 5}));
}

TEST(blocking_group, other_workers_take_of_those_that_came_together) {
  thread_pool pool{{.workers = 2, .patience = {}}};
  pool.pause();
  blocking_group g(pool);
  counter inside{0};
  auto const meet = [&] {
    inside.fetch_add(1, seam::relaxed);
    while (inside.load(seam::relaxed) < 2) seam::yield_thread();  // not told to the pool
  };
  g.spawn(meet);
  g.spawn(meet);
  pool.resume();
  g.blocking_join();
}

TEST(blocking_group, the_first_failure_stops_those_that_came_with_it) {
  held_pool held;
  counter ran{0};
  blocking_group g(held.pool);
  auto const call = [&ran](int n) {
    if (n == 2) throw std::out_of_range("third");
    ran.fetch_add(1, seam::relaxed);
  };
  for (int i = 0; i != 10; ++i) g.spawn(call, i);
  held.go();
  EXPECT_THROW(g.blocking_join(), std::out_of_range);
  EXPECT_EQ(ran.load(seam::relaxed), 2);
}

TEST(blocking_group, an_argument_that_throws_when_copied_harms_no_other) {
  struct sometimes {
    explicit sometimes(bool x) : bad(x) {}
    sometimes(sometimes const& other) : bad(other.bad) {
      if (bad) throw std::runtime_error("copied");
    }
    sometimes(sometimes&&) noexcept = default;
    bool bad;
  };
  held_pool held;
  counter ran{0};
  blocking_group g(held.pool);
  auto const call = [&ran](sometimes const&) { ran.fetch_add(1, seam::relaxed); };
  sometimes const good(false), bad(true);
  for (int i = 0; i != 5; ++i) {
    g.spawn(call, good);
    EXPECT_THROW(g.spawn(call, bad), std::runtime_error);
  }
  held.go();
  g.blocking_join();
  EXPECT_EQ(ran.load(seam::relaxed), 5);
}

TEST(blocking_group, stops_with_the_task_that_made_it) {
  thread_pool pool{{.workers = 2}};
  auto const outer = [](thread_pool* p) {
    blocking_group g(*p);
    g.spawn([]() -> task<> { co_await sleep_for(24h); });
    g.blocking_join();
  };
  auto f = pool.submit(outer, &pool);
  f.stop();
  EXPECT_THROW(f.blocking_get(), stopped);
}

TEST(blocking_group, joined_inside_the_only_worker_gives_the_slot_away) {
  thread_pool one{{.workers = 1}};
  auto const outer = [](thread_pool* p) {
    counter sum{0};
    blocking_group g(*p);
    for (int i = 0; i != 100; ++i) g.spawn(add, &sum, 1);
    g.blocking_join();
    return sum.load(seam::relaxed);
  };
  EXPECT_EQ(one.submit(outer, &one).blocking_get(), 100);
}

TEST(blocking_group, joined_inside_the_loop_that_should_run_it_is_an_error) {
  event_loop loop;
  auto const inside = [](event_loop* l) {
    counter sum{0};
    blocking_group g(*l);
    g.spawn(add, &sum, 1);
    EXPECT_THROW(g.blocking_join(), would_deadlock);
    return 1;
  };
  EXPECT_EQ(loop.submit(inside, &loop).blocking_get(), 1);
}
