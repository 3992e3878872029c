// SPDX-License-Identifier: Apache-2.0
// The event loop: order, sleeping, stopping, misuse, and the proof that the seam sees it all.
#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

using lines = std::vector<std::string>;

task<> two_blocks(lines* out, std::string name) {
  out->push_back(name + ": block 1");
  co_await yield();
  out->push_back(name + ": block 2");
}
void spawn_both(group& g, lines* out) {
  g.spawn(two_blocks, out, std::string("first"));
  g.spawn(two_blocks, out, std::string("second"));
}
task<> both(lines* out) { co_await with_group(spawn_both, out); }

task<int> after_turns(int turns, int value) {
  for (int i = 0; i < turns; ++i) co_await yield();
  co_return value;
}

task<> note_then_sleep(std::vector<int>* out, int n, duration d) {
  co_await sleep_for(d);
  out->push_back(n);
}

task<int> ready() { co_return 1; }
task<long> five_million() {
  long sum = 0;
  for (int i = 0; i < 5'000'000; ++i) sum += co_await ready();
  co_return sum;
}

}  // namespace

TEST(event_loop, the_order_of_the_guide_is_always_the_same) {
  for (int round = 0; round < 10; ++round) {
    event_loop loop;
    lines out;
    loop.run(both, &out);
    EXPECT_EQ(out,
              (lines{"first: block 1", "second: block 1", "first: block 2", "second: block 2"}));
  }
}

TEST(event_loop, run_gives_what_the_function_gives_and_throws_what_it_throws) {
  event_loop loop;
  EXPECT_EQ(loop.run([](int a, int b) { return a + b; }, 2, 3), 5);
  EXPECT_EQ(loop.run(after_turns, 3, 9), 9);
  EXPECT_EQ(*loop.run([](std::unique_ptr<int> p) { return p; }, std::make_unique<int>(4)), 4);
  EXPECT_THROW(loop.run([] { throw std::out_of_range("no"); }), std::out_of_range);
  EXPECT_THROW(loop.run([]() -> task<> {
    co_await yield();
    throw std::runtime_error("late");
  }),
               std::runtime_error);
  EXPECT_EQ(loop.run(after_turns, 0, 1), 1) << "an error does no harm to the loop";
}

TEST(event_loop, submitted_calls_wait_for_a_driver_and_run_in_order) {
  event_loop loop;
  std::vector<int> ran;
  std::vector<future<void>> futures;
  for (int i = 0; i < 5; ++i) futures.push_back(loop.submit([&ran, i] { ran.push_back(i); }));
  EXPECT_TRUE(ran.empty());
  loop.run([] {});
  EXPECT_EQ(ran, (std::vector<int>{0, 1, 2, 3, 4}));
  auto late = loop.submit([] { return 8; });
  EXPECT_EQ(late.blocking_get(), 8) << "also after run has returned";
}

TEST(event_loop, tasks_take_turns_also_while_timers_wait) {
  event_loop loop;
  bool slept = false;
  auto const busy = [](bool* done) -> task<long> {
    long turns = 0;
    for (; !*done; ++turns) co_await yield();
    co_return turns;
  };
  auto f = loop.submit([&slept]() -> task<> {
    co_await sleep_for(1ms);
    slept = true;
  });
  EXPECT_GT(loop.run(busy, &slept), 0) << "a task that never waits does not starve a timer";
  f.blocking_get();
}

TEST(event_loop, sleepers_wake_in_the_order_of_their_times) {
  event_loop loop;
  std::vector<int> woke;
  loop.run([&woke]() -> task<> {
    auto const start = clock::now();
    co_await with_group([&woke](group& g) {
      g.spawn(note_then_sleep, &woke, 3, duration(6ms));
      g.spawn(note_then_sleep, &woke, 1, duration(2ms));
      g.spawn(note_then_sleep, &woke, 2, duration(4ms));
    });
    EXPECT_GE(clock::now() - start, duration(6ms));
  });
  EXPECT_EQ(woke, (std::vector<int>{1, 2, 3}));
}

TEST(event_loop, a_sleeping_task_that_is_stopped_ends_at_once) {
  event_loop loop;
  std::vector<int> none;
  auto f = loop.submit(note_then_sleep, &none, 0, duration(1h));
  loop.run(after_turns, 3, 0);
  f.stop();
  EXPECT_THROW(f.blocking_get(), stopped);
  EXPECT_TRUE(none.empty());
}

TEST(event_loop, a_stop_from_another_thread_wakes_the_loop) {
  event_loop loop;
  stop_source stop;
  std::vector<int> none;
  auto f = loop.submit({.stop = &stop}, note_then_sleep, &none, 0, duration(1h));
  std::thread other([&] { stop.request(); });
  EXPECT_THROW(f.blocking_get(), stopped);
  other.join();
}

TEST(event_loop, a_call_that_takes_too_long_times_out) {
  event_loop loop;
  std::vector<int> none;
  auto f = loop.submit({.timeout = 1ms}, note_then_sleep, &none, 0, duration(1h));
  EXPECT_THROW(f.blocking_get(), timed_out);
  EXPECT_THROW(loop.run([&none]() -> task<> {
    co_await with_timeout(1ms, note_then_sleep, &none, 0, duration(1h));
  }),
               timed_out);
}

TEST(event_loop, a_queued_call_that_is_stopped_never_runs) {
  event_loop loop;
  bool ran = false;
  auto f = loop.submit([&ran] { ran = true; });
  f.stop();
  EXPECT_THROW(f.blocking_get(), stopped);
  EXPECT_FALSE(ran);
}

TEST(event_loop, the_destructor_ends_what_was_dropped_and_finishes_what_was_not) {
  int finished = 0;
  std::optional<future<int>> kept;
  {
    event_loop loop;
    kept.emplace(loop.submit(after_turns, 100, 5));
    auto dropped = loop.submit([&finished]() -> task<> {
      co_await sleep_for(1h);
      ++finished;
    });
  }
  EXPECT_TRUE(kept->done());
  EXPECT_EQ(kept->blocking_get(), 5);
  EXPECT_EQ(finished, 0);
}

TEST(event_loop, blocking_inside_the_loop_is_an_error_that_says_what_to_do) {
  event_loop loop;
  auto const message_of = [&loop](auto f) -> std::string {
    try {
      loop.run(f);
    } catch (would_deadlock const& e) {
      return e.what();
    }
    return "no error";
  };
  bool ran = false;
  EXPECT_NE(message_of([&] { loop.submit([] {}).blocking_get(); }).find("co_await"),
            std::string::npos);
  auto const nested = message_of([&] { loop.run([&ran] { ran = true; }); });
  EXPECT_NE(nested.find("run was called inside a task"), std::string::npos) << nested;
  EXPECT_FALSE(ran);
}

TEST(event_loop, a_task_awaits_another_loop_that_another_thread_drives) {
  event_loop here, there;
  seam::atomic<bool> finished{false};
  std::thread other([&] { there.drive(finished, never); });
  int const sum = here.run([&there]() -> task<int> {
    int total = 0;
    for (int i = 0; i < 100; ++i) total += co_await there.submit(after_turns, 2, i);
    co_return total;
  });
  EXPECT_EQ(sum, 4950);
  there.submit([&finished] { finished.store(true, seam::release); }).blocking_get();
  other.join();
}

TEST(event_loop, four_threads_submit_while_it_runs) {
  event_loop loop;
  int ran = 0;  // touched by tasks of the loop alone
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) loop.submit([&ran] { ++ran; }).blocking_get();
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(ran, 2000);
}

TEST(event_loop, a_task_hops_to_another_loop_and_back) {
  event_loop a, b;
  seam::atomic<bool> finished{false};
  std::thread other([&] { b.drive(finished, never); });
  a.run([&]() -> task<> {
    auto const home = std::this_thread::get_id();
    for (int i = 0; i < 50; ++i) {
      co_await hop(b);
      EXPECT_NE(std::this_thread::get_id(), home);
      co_await hop(a);
      EXPECT_EQ(std::this_thread::get_id(), home);
    }
  });
  b.submit([&finished] { finished.store(true, seam::release); }).blocking_get();
  other.join();
}

TEST(event_loop, five_million_ready_tasks_need_no_stack) {
  event_loop loop;
  EXPECT_EQ(loop.run(five_million), 5'000'000);
}

// The seam's proof: on a recording machine the loop runs as ever, and every operation by which it
// waits, locks, rings or tells the time is seen, with its kind, its object and its line.
TEST(event_loop, a_machine_under_it_sees_every_operation) {
#if QUARTET_SIM
  test::recording_machine m;
  {
    seam::machine_scope const scope(m);
    event_loop loop;
    lines out;
    loop.run([&out]() -> task<> {
      co_await both(&out);
      co_await sleep_for(1ms);
    });
    EXPECT_EQ(out.size(), 4u);
    seam::atomic<bool> finished{false};
    seam::thread other([&] { loop.drive(finished, never); });
    auto f = loop.submit([&finished] { finished.store(true, seam::release); });
    f.blocking_get();
    other.join();
  }
  using seam::kind;
  EXPECT_TRUE(m.saw(kind::poll, "driver.cpp") || m.saw(kind::poll, "reactor.cpp"));
  EXPECT_TRUE(m.saw(kind::lock, "reactor.cpp"));
  EXPECT_TRUE(m.saw(kind::lock, "driver.cpp"));
  EXPECT_TRUE(m.saw(kind::compare_exchange, "reactor.cpp")) << "the driver's role";
  EXPECT_TRUE(m.saw(kind::store, "reactor.hpp")) << "leaving it";
  EXPECT_GT(m.count(kind::clock), 0u);
  EXPECT_GT(m.count(kind::fetch_modify), 0u);
  EXPECT_EQ(m.count(kind::thread_start), 1u);
  EXPECT_EQ(m.count(kind::thread_join), 1u);
  EXPECT_EQ(m.count(kind::lock), m.count(kind::unlock)) << "a lock was left out, or never freed";
  std::set<void const*> pollers;
  for (auto const& o : m.operations()) {
    EXPECT_STRNE(seam::name(o.what), "");
    EXPECT_GT(o.where.line, 0u) << seam::name(o.what);
    bool const needs_none = o.what == kind::clock || o.what == kind::fence ||
                            o.what == kind::thread_yield || o.what == kind::entropy;
    EXPECT_EQ(o.object == nullptr, needs_none) << seam::name(o.what);
    if (o.what == kind::poll) pollers.insert(o.object);
  }
  EXPECT_EQ(pollers.size(), 1u);
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}

// The machine decides when a wait ends: on one whose time jumps, an hour takes no time.
TEST(event_loop, waits_as_long_as_the_machine_says) {
#if QUARTET_SIM
  struct jumping : test::recording_machine {
    time_point now() noexcept override { return time; }
    int poll(int, epoll_event*, int, time_point deadline) noexcept override {
      time = std::max(time, deadline);
      return 0;
    }
    time_point time{duration(1)};
  } m;
  seam::machine_scope const scope(m);
  event_loop loop;
  loop.run([]() -> task<> {
    auto const start = clock::now();
    co_await sleep_for(1h);
    EXPECT_EQ(clock::now() - start, duration(1h));
  });
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}
