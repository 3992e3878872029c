// SPDX-License-Identifier: Apache-2.0
// Yielding, sleeping in virtual time, changing the executor.
#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include <quartet/core/executor.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

task<> twice(std::vector<int>* order, int who) {
  order->push_back(who);
  co_await yield();
  order->push_back(who);
}

task<> nap(duration d) { co_await sleep_for(d); }

}  // namespace

TEST(yield, lets_every_other_ready_task_run_first) {
  event_loop loop;
  std::vector<int> order;
  auto const both = [](std::vector<int>* to) -> task<> {
    auto const body = [to](group& g) {
      g.spawn(twice, to, 1);
      g.spawn(twice, to, 2);
    };
    co_await with_group(body);
  };
  loop.run(both, &order);
  EXPECT_EQ(order, (std::vector{1, 2, 1, 2}));
}

TEST(yield, is_a_checkpoint) {
  manual_executor e;
  auto const forever = []() -> task<> {
    for (;;) co_await yield();
  };
  auto f = e.submit(forever);
  e.run_one();
  f.stop();
  EXPECT_THROW(f.blocking_get(), stopped);
}

TEST(sleep_for, ends_at_its_time_and_not_before) {
  manual_executor e;
  auto f = e.submit(nap, 10s);
  e.run_until_idle();
  e.advance(9s);
  e.run_until_idle();
  EXPECT_FALSE(f.done());
  e.advance(1s);
  e.run_until_idle();
  EXPECT_TRUE(f.done());
  f.blocking_get();
}

TEST(sleep_for, ends_early_when_stopped) {
  manual_executor e;
  auto f = e.submit(nap, 1h);
  e.run_until_idle();
  auto const before = e.now();
  f.stop();
  EXPECT_THROW(f.blocking_get(), stopped);
  EXPECT_EQ(e.now(), before);
}

TEST(sleep_for, does_not_begin_in_a_task_that_is_stopped) {
  manual_executor e;
  stop_source stop;
  auto const body = [](stop_source* s) -> task<> {
    s->request();
    co_await sleep_for(1h);
  };
  auto const before = e.now();
  EXPECT_THROW(e.submit({.stop = &stop}, body, &stop).blocking_get(), stopped);
  EXPECT_EQ(e.now(), before);
}

TEST(hop, goes_on_running_on_the_other_executor) {
  event_loop loop;
  thread_pool pool({.workers = 1});
  auto const body = [](executor_base* there, executor_base* back) -> task<bool> {
    auto const here = std::this_thread::get_id();
    co_await hop(*there);
    bool const elsewhere = std::this_thread::get_id() != here;
    co_await hop(*back);
    co_return elsewhere&& std::this_thread::get_id() == here;
  };
  EXPECT_TRUE(loop.run(body, &pool, &loop));
}

TEST(blocking_sleep_for, lasts_at_least_as_long_as_asked) {
  time_point const before = clock::now();
  blocking_sleep_for(2ms);
  EXPECT_GE(clock::now() - before, 2ms);
}

TEST(blocking_sleep_for, is_ended_by_the_stop_of_its_call) {
  thread_pool pool({.workers = 1});
  auto f = pool.submit([] { blocking_sleep_for(1h); });
  f.stop();
  EXPECT_THROW(f.blocking_get(), stopped);
}
