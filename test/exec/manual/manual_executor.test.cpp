// SPDX-License-Identifier: Apache-2.0
// The manual executor: nothing runs and no time passes until told.
#include <atomic>
#include <gtest/gtest.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/thread.hpp>

#include "support/gate.hpp"
#include "support/recording_machine.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

task<> note_after(std::vector<int>* out, int n, duration d) {
  co_await sleep_for(d);
  out->push_back(n);
}

task<> two_blocks(std::vector<int>* out, int n) {
  out->push_back(n);
  co_await yield();
  out->push_back(n + 10);
}

}  // namespace

TEST(manual_executor, nothing_runs_until_told_and_then_in_order) {
  manual_executor e;
  std::vector<int> out;
  auto a = e.submit(two_blocks, &out, 1);
  auto b = e.submit(two_blocks, &out, 2);
  EXPECT_TRUE(out.empty());
  EXPECT_TRUE(e.run_one());
  EXPECT_EQ(out, (std::vector<int>{1}));
  EXPECT_EQ(e.run_until_idle(), 3u);
  EXPECT_EQ(out, (std::vector<int>{1, 2, 11, 12}));
  EXPECT_FALSE(e.run_one());
  EXPECT_TRUE(a.done());
  a.blocking_get();
  b.blocking_get();
}

TEST(manual_executor, time_passes_by_advance_alone) {
  manual_executor e;
  std::vector<int> out;
  auto const start = e.now();
  auto a = e.submit(note_after, &out, 1, duration(2h));
  auto b = e.submit(note_after, &out, 2, duration(1h));
  auto c = e.submit(note_after, &out, 3, duration(1h));
  e.run_until_idle();
  EXPECT_EQ(e.now(), start);
  e.advance(1h - 1min);
  EXPECT_EQ(e.run_until_idle(), 0u);
  e.advance(2min);
  EXPECT_TRUE(out.empty()) << "advance fires timers and runs no call";
  e.run_until_idle();
  EXPECT_EQ(out, (std::vector<int>{2, 3}));
  e.advance(1h);
  e.run_until_idle();
  EXPECT_EQ(out, (std::vector<int>{2, 3, 1}));
  EXPECT_EQ(e.now() - start, 2h + 1min);
  for (auto* f : {&a, &b, &c}) f->blocking_get();
}

#if QUARTET_SIM
TEST(manual_executor, tasks_see_the_virtual_time_to_the_nanosecond) {
  manual_executor e;
  auto const start = e.now();
  auto f = e.submit([start]() -> task<> {
    EXPECT_EQ(clock::now(), start);
    co_await sleep_for(5ns);
    EXPECT_EQ(clock::now(), start + 5ns);
  });
  e.run_until_idle();
  e.advance(4ns);
  EXPECT_EQ(e.run_until_idle(), 0u);
  e.advance(1ns);
  EXPECT_EQ(e.run_until_idle(), 1u);
  f.blocking_get();
}

TEST(manual_executor, blocking_get_jumps_over_the_time_in_between) {
  manual_executor e;
  std::vector<int> out;
  auto const start = e.now();
  e.submit(note_after, &out, 1, duration(24h)).blocking_get();
  EXPECT_EQ(e.now() - start, 24h);
  auto late = e.submit({.timeout = 1h}, note_after, &out, 2, duration(2h));
  EXPECT_THROW(late.blocking_get(), timed_out);
  EXPECT_EQ(e.now() - start, 25h);
}

// Threads started by a task live in real time; all operations reach the machine around.
TEST(manual_executor, only_the_clock_is_virtual) {
  test::recording_machine m;
  seam::machine_scope const scope(m);
  manual_executor e;
  e.advance(24h);
  e.submit([] {
     auto const virtual_now = clock::now();
     time_point elsewhere = never;
     seam::machine* on = nullptr;
     {
       seam::thread t([&] {
         elsewhere = clock::now();
         on = &seam::this_machine();
       });
     }
     EXPECT_LT(elsewhere, virtual_now);
     EXPECT_NE(on, &seam::this_machine());
     blocking_sleep_for(1ms);
     EXPECT_EQ(clock::now(), virtual_now);
   }).blocking_get();
  EXPECT_EQ(m.count(seam::kind::thread_start), 1u);
  EXPECT_TRUE(m.saw(seam::kind::lock, "manual_executor.cpp"));
}

TEST(manual_executor, a_thread_that_a_task_started_may_outlive_it) {
  std::optional<seam::thread> t;
  seam::atomic<bool> may_end{false};
  {
    manual_executor e;
    e.submit([&] {
       t.emplace([&] {
         while (!may_end.load(seam::acquire)) seam::yield_thread();
       });
     }).blocking_get();
  }
  may_end.store(true, seam::release);
  t->join();
  EXPECT_FALSE(t->joinable());
}
#endif

TEST(manual_executor, a_wait_that_cannot_end_is_an_error) {
  manual_executor e;
  test::gate g;
  auto f = e.submit(test::pass, &g);
  try {
    f.blocking_get();
    FAIL();
  } catch (would_deadlock const& x) {
    EXPECT_NE(std::string(x.what()).find("no timer is armed"), std::string::npos) << x.what();
  }
  g.open();
  f.blocking_get();
}

TEST(manual_executor, drive_lets_the_time_pass_to_its_deadline) {
  manual_executor e;
  seam::atomic<bool> const no{false}, yes{true};
  auto const end = e.now() + 3h;
  e.drive(no, end);
  EXPECT_EQ(e.now(), end);
  e.drive(no, end - 1h);
  EXPECT_EQ(e.now(), end) << "it never goes back";
  e.drive(yes, never);
}

TEST(manual_executor, its_tasks_may_not_drive_it) {
  manual_executor e;
  EXPECT_THROW(e.submit([&e] { e.run_one(); }).blocking_get(), would_deadlock);
  EXPECT_THROW(e.submit([&e] { e.run_until_idle(); }).blocking_get(), would_deadlock);
  EXPECT_THROW(e.submit([&e] { e.advance(1s); }).blocking_get(), would_deadlock);
  EXPECT_THROW(e.submit([&e] { e.submit([] {}).blocking_get(); }).blocking_get(), would_deadlock);
}

TEST(manual_executor, a_stopped_sleep_ends_without_any_time) {
  manual_executor e;
  std::vector<int> out;
  auto const start = e.now();
  auto f = e.submit(note_after, &out, 1, duration(1h));
  e.run_until_idle();
  f.stop();
  e.run_until_idle();
  EXPECT_THROW(f.blocking_get(), stopped);
  EXPECT_EQ(e.now(), start);
}

TEST(manual_executor, the_destructor_ends_every_call) {
  std::vector<int> out;
  std::optional<future<void>> kept, endless;
  {
    manual_executor e;
    kept.emplace(e.submit(note_after, &out, 1, duration(1h)));
    endless.emplace(e.submit([]() -> task<> { co_await sleep_until(never); }));
    e.run_until_idle();
    auto dropped = e.submit(note_after, &out, 2, duration(1h));
    endless->stop();
  }
  kept->blocking_get();
  EXPECT_THROW(endless->blocking_get(), stopped);
  EXPECT_EQ(out, (std::vector<int>{1}));
}

TEST(manual_executor, the_destructor_waits_for_what_another_thread_resumes) {
  for (int round = 0; round < 60; ++round) {
    test::gate g;
    std::optional<future<void>> f;
    std::optional<manual_executor> e(std::in_place);
    f.emplace(e->submit(test::pass, &g));
    e->run_until_idle();
    std::thread other([&] { g.open(); });
    e.reset();
    f->blocking_get();
    other.join();
  }
}

TEST(manual_executor, other_threads_submit_while_it_is_driven) {
  manual_executor e;
  int ran = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 250; ++i) {
        auto f = e.submit([&ran] { ++ran; });
        while (!f.done()) std::this_thread::yield();
        f.blocking_get();
      }
    });
  while (ran < 1000) e.run_until_idle();
  for (auto& t : threads) t.join();
}

// A batch dropped on another thread waits for the item that runs here, and sees it end.
TEST(manual_executor, a_batch_dropped_elsewhere_ends_with_what_runs_here) {
  for (int round = 0; round != 50; ++round) {
    manual_executor e;
    std::atomic<bool> made{false}, inside{false}, dropping{false};
    std::thread other([&] {
      auto const item = [&](int) {
        inside = true;
        while (!dropping) std::this_thread::yield();
      };
      std::vector<int> const items{1};
      auto const dropped = for_each(e, items, item);
      made = true;
      while (!inside) std::this_thread::yield();
      dropping = true;
    });
    while (!made) std::this_thread::yield();
    e.run_until_idle();
    other.join();
  }
}
