// SPDX-License-Identifier: Apache-2.0
// submit, its options and its borders, as every executor has them.
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include <quartet/core/executor.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "core/hammer.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

namespace {

int add(int a, int b) { return a + b; }
task<> sleep_long() { co_await sleep_for(1h); }

// A border that takes no text.
struct numbers_only {
  template <class F, class R, class... A> static constexpr bool accepts =
      !(std::same_as<A, std::string> || ...);
  template <class F, class R, class... A> static consteval void check() {}
  template <class Call> static constexpr wire::remote_ops const* ops() noexcept { return nullptr; }
};
struct picky : executor_members<numbers_only> {
  void start(call&) noexcept override {}
  timer_service& timers() noexcept override { std::abort(); }
};

}  // namespace

static_assert(executor<event_loop> && executor<manual_executor> && executor<thread_pool>);
static_assert(!executor<int> && !executor<executor_base>, "it must name a border");
static_assert(submittable<event_loop, int (&)(int, int), int, int>);
static_assert(!submittable<event_loop, int (&)(int, int), int>, "an argument is missing");
static_assert(!submittable<event_loop, int (&)(int, int), int, std::string>);
static_assert(submittable<picky, void (*)(int), int>);
static_assert(!submittable<picky, void (*)(std::string), std::string>, "its border refuses it");
static_assert(std::is_trivially_destructible_v<submit_options>);

TEST(executor, submit_takes_functions_and_coroutine_functions_alike) {
  manual_executor e;
  EXPECT_EQ(e.submit(add, 1, 2).blocking_get(), 3);
  auto co = [](int n) -> task<int> {
    co_await yield();
    co_return n + 1;
  };
  EXPECT_EQ(e.submit(co, 4).blocking_get(), 5);
  EXPECT_EQ(on(e, add, 2, 2).blocking_get(), 4);
}

TEST(executor, a_timeout_counts_from_the_start_of_the_call_and_not_from_submit) {
  manual_executor e;
  auto first = e.submit({.timeout = 10min}, [] { return sleep_long(); });
  e.advance(30min);  // still queued: no time of its own has passed
  e.run_until_idle();
  EXPECT_FALSE(first.done());
  e.advance(9min);
  e.run_until_idle();
  EXPECT_FALSE(first.done());
  e.advance(2min);
  e.run_until_idle();
  EXPECT_EQ(ending_of(first), ending::timed_out);
}

TEST(executor, a_call_that_was_stopped_before_its_timeout_is_stopped_not_timed_out) {
  manual_executor e;
  auto f = e.submit({.timeout = 10min}, sleep_long);
  e.run_until_idle();
  f.stop();
  e.run_until_idle();
  e.advance(20min);
  EXPECT_EQ(ending_of(f), ending::stopped);
}

TEST(executor, a_source_in_the_options_stops_the_call) {
  manual_executor e;
  stop_source source;
  auto f = e.submit({.stop = &source}, sleep_long);
  e.run_until_idle();
  EXPECT_TRUE(source.request());
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::stopped);
  bool ran = false;
  auto late = e.submit({.stop = &source}, [&] { ran = true; });
  EXPECT_EQ(ending_of(late), ending::stopped);
  EXPECT_FALSE(ran);
}

TEST(executor, a_tasks_call_with_a_source_stops_with_either) {
  for (bool by_source : {true, false}) {
    manual_executor e;
    stop_source source;
    ending inner_end = ending::value;
    auto f = e.submit([&]() -> task<> {
      auto inner = e.submit({.stop = &source}, sleep_long);
      try {
        co_await with_shield([&]() -> task<> { co_await inner; });
      } catch (stopped const&) {
        inner_end = ending::stopped;
      }
    });
    e.run_until_idle();
    if (by_source)
      source.request();
    else
      f.stop();
    e.run_until_idle();
    EXPECT_TRUE(f.done());
    EXPECT_EQ(inner_end, ending::stopped) << (by_source ? "source" : "task");
  }
}

TEST(executor, a_source_may_be_asked_while_its_calls_end_on_a_pool) {
  thread_pool pool({.workers = 2});
  for (int i = 0; i < 1000; ++i) {
    stop_source source;
    auto f = pool.submit([&]() -> task<> {
      auto a = pool.submit({.stop = &source}, [] {});
      auto b = pool.submit({.stop = &source}, []() -> task<> { co_await yield(); });
      for (auto* each : {&a, &b}) try {
          co_await *each;
        } catch (stopped const&) {
        }
    });
    if (i % 2 == 0) std::this_thread::yield();
    source.request();
    ASSERT_EQ(ending_of(f), ending::value);
  }
}

TEST(executor, a_call_submitted_by_a_task_stops_with_that_task) {
  manual_executor e;
  std::unique_ptr<future<void>> inner;
  auto outer = e.submit([&]() -> task<> {
    inner = std::make_unique<future<void>>(e.submit(sleep_long));
    co_await sleep_for(2h);
  });
  e.run_until_idle();
  outer.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(*inner), ending::stopped);
}

TEST(executor, the_name_is_copied_and_the_tasks_own) {
  manual_executor e;
  std::string name = "resize";
  auto f = e.submit({.name = name}, [] { return std::string(current_task()->name); });
  name = "??????";
  EXPECT_EQ(f.blocking_get(), "resize");
}

TEST(executor, the_place_is_where_the_options_were_written) {
  manual_executor e;
  unsigned const line = __LINE__ + 1;
  auto f = e.submit({.name = "x"}, [] { return current_task()->spawned.line; });
  EXPECT_EQ(f.blocking_get(), line);
}

TEST(executor, the_call_of_one_executor_is_awaited_on_another_and_resumes_at_home) {
  event_loop loop;
  thread_pool pool({.workers = 1});
  auto const home = std::this_thread::get_id();
  loop.run([&]() -> task<> {
    auto const elsewhere = co_await on(pool, [] { return std::this_thread::get_id(); });
    EXPECT_NE(elsewhere, home);
    EXPECT_EQ(std::this_thread::get_id(), home);
  });
}
