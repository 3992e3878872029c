// SPDX-License-Identifier: Apache-2.0
// A group that is paused, resumed and stopped by several, under many schedules: nothing stays for
// good, and nothing runs twice.
#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/event.hpp>

#include "races/explored.hpp"

using namespace quartet;
using test::explored;

TEST(races, a_group_that_others_pause_and_resume_loses_no_task) {
  explored(2000, [] {
    shared<int> ran[3] = {};
    thread_pool pool({.workers = 2});
    auto const body = [&](group& g) -> task<> {
      event done;
      seam::thread other([&] {
        g.pause();
        g.resume();
        done.set();
      });
      for (auto& each : ran)
        g.spawn([&]() -> task<> {
          co_await yield();
          each += 1;
        });
      g.pause();
      co_await done.wait();
      g.resume();
    };
    pool.submit([&]() -> task<> { co_await with_group(body); }).blocking_get();
    for (auto const& each : ran) EXPECT_EQ(each.read(), 1);
  });
}

TEST(races, a_paused_group_that_is_stopped_ends) {
  explored(2000, [] {
    stop_source stop;
    thread_pool pool({.workers = 2});
    auto const body = [&](group& g) -> task<> {
      g.spawn([&]() -> task<> { co_await yield(); });
      g.pause();
      g.spawn([] {});
      co_return;
    };
    auto f = pool.submit({.stop = &stop}, [&]() -> task<> { co_await with_group(body); });
    seam::thread stops([&] { stop.request(); });
    EXPECT_THROW(f.blocking_get(), stopped);
  });
}
