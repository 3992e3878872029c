// SPDX-License-Identifier: Apache-2.0
// blocking_group: many calls from plain code, each run once or stopped, waited for together.
#include <array>
#include <bit>
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>

#include <quartet/core/blocking_group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

using counter = seam::atomic<int>;

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
