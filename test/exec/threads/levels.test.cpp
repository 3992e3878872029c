// SPDX-License-Identifier: Apache-2.0
// Levels of priority on the pool: who starts first, who gives way, who is raised, who starves not.
#include <algorithm>
#include <gtest/gtest.h>
#include <semaphore>
#include <string>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/blocking_group.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/channel.hpp>
#include <quartet/sync/event.hpp>

namespace quartet {
namespace {

/// A pool of one worker that runs nothing until it is let go, and a trace of what it ran.
struct held_pool {
  explicit held_pool(unsigned budget = pool_options{}.budget)
      : pool({.workers = 1, .budget = budget, .patience = {}}) {
    holder.emplace(pool.submit({.level = priority::urgent}, [this] {
      held.release();
      go.acquire();
    }));
    held.acquire();
  }
  void let_go() {
    go.release();
    holder->blocking_get();
  }
  auto add(char c, std::optional<priority> level) {
    return pool.submit({.level = level}, [this, c] { trace += c; });
  }
  /// A task that waits for `c`, between brackets in the trace.
  template <class Call> auto add_waiting(Call& c, priority level) {
    return pool.submit({.level = level}, [this, &c]() -> task<> {
      trace += '(';
      co_await c;
      trace += ')';
    });
  }

  std::string trace;
  std::binary_semaphore held{0}, go{0};
  thread_pool pool;
  std::optional<future<void>> holder{};
};

template <class... F> void get_all(F&... f) { (f.blocking_get(), ...); }

TEST(levels, a_higher_call_starts_before_all_lower_ones_that_wait) {
  held_pool p;
  auto a = p.add('b', priority::background), b = p.add('n', priority::normal),
       c = p.add('h', priority::high), d = p.add('u', priority::urgent);
  p.let_go();
  get_all(a, b, c, d);
  EXPECT_EQ(p.trace, "uhnb");
}

TEST(levels, within_a_level_the_first_in_is_the_first_out) {
  for (priority const level :
       {priority::background, priority::normal, priority::high, priority::urgent}) {
    held_pool p;
    std::string expected;
    std::vector<future<void>> all;
    for (char c = 'a'; c <= 'z'; ++c) {
      expected += c;
      all.push_back(p.add(c, level));
    }
    p.let_go();
    for (auto& f : all) f.blocking_get();
    EXPECT_EQ(p.trace, expected) << static_cast<int>(level);
  }
}

TEST(levels, nothing_starves_behind_an_endless_row_of_higher_ones) {
  held_pool p;
  std::vector<future<void>> all;
  for (int i = 0; i != 20'000; ++i) all.push_back(p.add('u', priority::urgent));
  all.push_back(p.add('h', priority::high));
  all.push_back(p.add('n', priority::normal));
  all.push_back(p.add('b', priority::background));
  p.let_go();
  for (auto& f : all) f.blocking_get();
  EXPECT_LT(p.trace.find('h'), 200u);
  EXPECT_LT(p.trace.find('n'), 200u);
  EXPECT_LT(p.trace.find('b'), 19'000u);
}

TEST(levels, the_background_does_not_starve_behind_normal_ones_from_outside) {
  held_pool p;
  std::vector<future<void>> all;
  for (int i = 0; i != 5'000; ++i) all.push_back(p.add('n', priority::normal));
  all.push_back(p.add('b', priority::background));
  p.let_go();
  for (auto& f : all) f.blocking_get();
  EXPECT_LT(p.trace.find('b'), 1'000u);
}

// They go to the pool together, and the others come between.
TEST(levels, calls_of_a_group_keep_their_order_beneath_higher_ones) {
  held_pool p;
  blocking_group g(p.pool);
  std::vector<int> order;
  std::vector<future<void>> all;
  for (int i = 0; i != 200; ++i) g.spawn([&order, i] { order.push_back(i); });
  for (int i = 0; i != 20'000; ++i) all.push_back(p.add('u', priority::urgent));
  p.let_go();
  g.blocking_join();
  for (auto& f : all) f.blocking_get();
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_EQ(order.size(), 200u);
}

TEST(levels, what_a_task_starts_has_its_level_unless_told_otherwise) {
  held_pool p;
  std::vector<future<void>> inner;
  auto outer = p.pool.submit({.level = priority::high}, [&] {
    inner.push_back(p.add('1', {}));
    inner.push_back(p.add('3', priority::background));
    inner.push_back(p.add('0', priority::urgent));
  });
  auto normal = p.add('2', {});
  p.let_go();
  outer.blocking_get();
  get_all(normal, inner[0], inner[1], inner[2]);
  EXPECT_EQ(p.trace, "0123");
}

TEST(levels, a_group_inherits_it_too) {
  held_pool p;
  auto const note = [](held_pool* of, char c) -> task<> {
    of->trace += c;
    co_return;
  };
  auto const open = [&]() -> task<> {
    co_await yield();
    co_await with_group([&](group& g) {
      g.spawn(note, &p, '1');
      g.spawn({.level = priority::background}, note, &p, '3');
    });
  };
  auto grouped = p.pool.submit({.level = priority::high}, open);
  auto normal = p.add('2', {});
  p.let_go();
  get_all(grouped, normal);
  EXPECT_EQ(p.trace, "123");
}

TEST(levels, whoever_waits_for_a_lower_call_raises_it) {
  held_pool p;
  auto first = p.add('n', {}), low = p.add('b', priority::background), last = p.add('m', {});
  auto waits = p.add_waiting(low, priority::high);
  p.let_go();
  get_all(first, last, waits);
  EXPECT_EQ(p.trace, "(b)nm");
}

TEST(levels, a_thread_of_the_pool_that_blocks_for_it_does_so_as_well) {
  held_pool p;
  auto first = p.add('n', {}), low = p.add('l', {}), last = p.add('m', {});
  auto waits = p.pool.submit({.level = priority::urgent}, [&] {
    p.trace += '(';
    low.blocking_get();  // the thread may go on beside the next call
  });
  p.let_go();
  get_all(first, last, waits);
  EXPECT_EQ(p.trace.substr(0, 2), "(l");
}

TEST(levels, a_raise_reaches_what_the_call_has_started) {
  held_pool p;
  std::optional<future<void>> inner;
  auto outer = p.pool.submit({.level = priority::background}, [&]() -> task<> {
    inner.emplace(p.pool.submit([&] { p.trace += 'i'; }));
    p.trace += 'o';
    co_await yield();
    p.trace += 'O';
  });
  // Runs after `outer` has begun, being background too, and waits in front of a normal call.
  auto waits = p.pool.submit({.level = priority::background}, [&]() -> task<> {
    auto const wait = [&]() -> task<> { co_await outer; };
    auto high = p.pool.submit({.level = priority::high}, wait);
    auto normal = p.add('n', {});
    co_await high;
    co_await normal;
  });
  p.let_go();
  get_all(waits, *inner);
  EXPECT_EQ(p.trace.find('i'), 1u) << p.trace;
  EXPECT_LT(p.trace.find('i'), p.trace.find('n')) << p.trace;
}

TEST(levels, a_call_in_a_workers_own_deque_is_raised) {
  if (!seam::heavy_fence_reaches_all()) GTEST_SKIP() << "no membarrier(2): a raise ends at deques";
  held_pool p;
  std::optional<future<void>> a, b, c, waits;
  auto opens = p.pool.submit([&] {  // the newest of its own would run first
    a.emplace(p.add('a', {}));
    b.emplace(p.add('b', {}));
    c.emplace(p.add('c', {}));
    waits.emplace(p.add_waiting(*a, priority::high));
  });
  p.let_go();
  opens.blocking_get();
  get_all(*waits, *b, *c);
  EXPECT_EQ(p.trace, "(a)cb");
}

TEST(levels, a_bulk_call_that_waits_is_raised) {
  for (priority const level : {priority::background, priority::normal}) {
    held_pool p;
    std::vector<int> const items(3);
    auto first = p.add('n', {});
    auto low = for_each(p.pool, items, [&p](int) { p.trace += 'b'; }, {.level = level});
    auto last = p.add('m', {});
    auto waits = p.add_waiting(low, priority::high);
    p.let_go();
    get_all(first, last, waits);
    EXPECT_EQ(p.trace, "(bbb)nm");
  }
}

TEST(levels, a_raise_to_normal_leaves_what_is_normal_where_it_is) {
  held_pool p;
  std::optional<future<void>> inner, waits, urgent;
  future<void>* outer_call = nullptr;
  std::binary_semaphore over{0};
  auto const wait = [&]() -> task<> {
    co_await *outer_call;
    over.release();
  };
  auto outer = p.pool.submit({.level = priority::background}, [&]() -> task<> {
    inner.emplace(p.add('i', priority::normal));
    waits.emplace(p.pool.submit({.level = priority::normal}, wait));
    co_await yield();
  });
  outer_call = &outer;
  p.let_go();
  over.acquire();
  get_all(*waits, *inner);
  // The counts of the levels are right still: a high task gives way to an urgent one.
  channel<int> ready(1);
  ready.blocking_send(1);
  auto high = p.pool.submit({.level = priority::high}, [&]() -> task<> {
    p.trace += 'h';
    urgent.emplace(p.add('u', priority::urgent));
    co_await ready.recv();
    p.trace += 'H';
  });
  high.blocking_get();
  urgent->blocking_get();
  EXPECT_EQ(p.trace, "ihuH");
}

TEST(levels, a_raise_to_normal_keeps_the_place_in_the_queue_too) {
  held_pool p;
  thread_pool other({.workers = 1});
  std::binary_semaphore begun{0};
  event over;
  std::optional<future<void>> inner;
  auto outer = other.submit({.level = priority::background}, [&]() -> task<> {
    inner.emplace(p.add('i', priority::normal));
    begun.release();
    co_await over.wait();
  });
  begun.acquire();
  auto second = p.add('m', priority::normal);
  auto waits = other.submit([&]() -> task<> { co_await outer; });
  other.submit([] {}).blocking_get();  // behind it: it waits now, and has raised
  p.let_go();
  over.set();
  get_all(*inner, second, waits);
  EXPECT_EQ(p.trace, "im");
}

TEST(levels, a_running_coroutine_lets_higher_ones_go_first_at_its_next_wait) {
  held_pool p;
  channel<int> ready(8);
  for (int i = 0; i != 8; ++i) ready.blocking_send(i);
  std::optional<future<void>> high;
  auto low = p.pool.submit([&]() -> task<> {
    p.trace += '0' + static_cast<char>(*co_await ready.recv());
    high.emplace(p.add('h', priority::high));
    p.trace += '.';
    p.trace += '0' + static_cast<char>(*co_await ready.recv());
    p.trace += '0' + static_cast<char>(*co_await ready.recv());
  });
  p.let_go();
  get_all(low, *high);
  EXPECT_EQ(p.trace, "0.h12");
}

TEST(levels, a_bulk_call_in_the_background_gives_way_between_two_chunks) {
  held_pool p;
  std::vector<int> const items(100, 0);
  std::optional<future<void>> normal;
  auto bulk = for_each(p.pool, items,
                       [&](int) {
                         if (p.trace.empty()) normal.emplace(p.add('n', priority::normal));
                         p.trace += '.';
                       },
                       {.chunk = 1, .level = priority::background});
  p.let_go();
  bulk.blocking_get();
  normal->blocking_get();
  EXPECT_EQ(p.trace.find('n'), 1u);
}

TEST(levels, a_bulk_call_in_the_background_lets_others_there_have_turns) {
  held_pool p;
  std::vector<int> const items(1000, 0);
  std::optional<future<void>> other;
  auto bulk = for_each(p.pool, items,
                       [&](int) {
                         if (p.trace.empty()) other.emplace(p.add('b', priority::background));
                         p.trace += '.';
                       },
                       {.chunk = 1, .level = priority::background});
  p.let_go();
  bulk.blocking_get();
  other->blocking_get();
  EXPECT_LT(p.trace.find('b'), 100u);
}

TEST(levels, higher_calls_come_between_the_chunks_of_a_normal_bulk_call) {
  held_pool p;
  std::vector<int> const items(100, 0);
  std::optional<future<void>> high;
  auto bulk = for_each(p.pool, items,
                       [&](int) {
                         if (p.trace.empty()) high.emplace(p.add('h', priority::high));
                         p.trace += '.';
                       },
                       {.chunk = 1});
  p.let_go();
  bulk.blocking_get();
  high->blocking_get();
  EXPECT_EQ(p.trace.find('h'), 1u);
}

TEST(levels, an_idle_pool_runs_what_is_in_the_background_at_once) {
  thread_pool pool({.workers = 2});
  for (int i = 0; i != 200; ++i)
    EXPECT_EQ(pool.submit({.level = priority::background}, [i] { return i; }).blocking_get(), i);
}

// The channel always has something: without a budget the first task would never let go.
TEST(budget, a_task_that_need_never_wait_lets_others_run_all_the_same) {
  struct endless {
    channel<int> ready{1};
    bool over = false;
    int turns = 0;
    task<> run(unsigned budget) {
      if (budget != 0) set_budget(budget);
      while (!over) {
        co_await ready.send(1);
        co_await ready.recv();
        if (++turns == 100'000) over = true;
      }
    }
  };
  for (unsigned const budget : {0u, 6u}) {
    held_pool p(20);
    endless e;
    int seen = 0;
    auto running = p.pool.submit([&] { return e.run(budget); });
    auto other = p.pool.submit([&] {
      seen = e.turns;
      e.over = true;
    });
    p.let_go();
    get_all(running, other);
    EXPECT_LE(seen, budget == 0 ? 10 : 3);
  }
}

TEST(budget, none_means_that_a_task_goes_on_as_long_as_it_need_not_wait) {
  thread_pool pool({.workers = 1, .budget = 0});
  event set;
  set.set();
  std::string trace;
  std::optional<future<void>> other;
  auto running = pool.submit([&]() -> task<> {
    other.emplace(pool.submit([&] { trace += 'o'; }));
    for (int i = 0; i != 1000; ++i) co_await set.wait();
    trace += 'r';
  });
  get_all(running, *other);
  EXPECT_EQ(trace, "ro");
}

}  // namespace
}  // namespace quartet
