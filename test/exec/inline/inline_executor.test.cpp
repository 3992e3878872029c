// SPDX-License-Identifier: Apache-2.0
// The inline executor: here and now, also with several threads and with nested calls.
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/inline/inline_executor.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

task<int> after_turns(int turns, int value) {
  for (int i = 0; i < turns; ++i) co_await yield();
  co_return value;
}

task<> nap(duration d) { co_await sleep_for(d); }

task<> two_blocks(std::vector<std::string>* out, std::string name) {
  out->push_back(name + " 1");
  co_await yield();
  out->push_back(name + " 2");
}

int down(inline_executor* e, int depth) {
  return depth == 0 ? 0 : 1 + e->submit(down, e, depth - 1).blocking_get();
}
task<int> down_awaiting(inline_executor* e, int depth) {
  co_await yield();
  if (depth == 0) co_return 0;
  int const below = co_await e->submit(down_awaiting, e, depth - 1);
  co_return 1 + below;
}

}  // namespace

TEST(inline_executor, submit_returns_when_the_call_has_ended_on_this_thread) {
  inline_executor e;
  auto const here = std::this_thread::get_id();
  auto f = e.submit([] { return std::this_thread::get_id(); });
  EXPECT_TRUE(f.done());
  EXPECT_EQ(f.blocking_get(), here);
  auto g = e.submit(after_turns, 10, 3);
  EXPECT_TRUE(g.done());
  EXPECT_EQ(g.blocking_get(), 3);
  auto const start = clock::now();
  auto h = e.submit(nap, duration(2ms));
  EXPECT_TRUE(h.done()) << "also if it slept";
  EXPECT_GE(clock::now() - start, duration(2ms));
  h.blocking_get();
}

TEST(inline_executor, values_move_and_errors_arrive) {
  inline_executor e;
  EXPECT_EQ(
      *e.submit([](std::unique_ptr<int> p) { return p; }, std::make_unique<int>(4)).blocking_get(),
      4);
  auto f = e.submit([] { throw std::out_of_range("no"); });
  EXPECT_TRUE(f.done());
  EXPECT_THROW(f.blocking_get(), std::out_of_range);
}

TEST(inline_executor, calls_nest_in_functions_and_in_coroutines) {
  inline_executor e;
  EXPECT_EQ(e.submit(down, &e, 20).blocking_get(), 20);
  EXPECT_EQ(e.submit(down_awaiting, &e, 20).blocking_get(), 20);
}

TEST(inline_executor, a_group_takes_turns_at_its_waits) {
  inline_executor e;
  std::vector<std::string> out;
  e.submit([&out]() -> task<> {
     co_await with_group([&out](group& g) {
       g.spawn(two_blocks, &out, std::string("first"));
       g.spawn(two_blocks, &out, std::string("second"));
     });
   }).blocking_get();
  EXPECT_EQ(out, (std::vector<std::string>{"first 1", "second 1", "first 2", "second 2"}));
}

TEST(inline_executor, a_timeout_ends_a_call_that_sleeps) {
  inline_executor e;
  auto f = e.submit({.timeout = 1ms}, nap, duration(1h));
  EXPECT_THROW(f.blocking_get(), timed_out);
}

TEST(inline_executor, a_call_of_a_stopped_caller_does_not_run) {
  inline_executor e;
  stop_source stop;
  stop.request();
  bool ran = false;
  auto f = e.submit({.stop = &stop}, [&ran] { ran = true; });
  EXPECT_THROW(f.blocking_get(), stopped);
  EXPECT_FALSE(ran);
}

TEST(inline_executor, a_stop_from_another_thread_ends_a_sleep) {
  inline_executor e;
  stop_source stop;
  std::thread other([&] { stop.request(); });
  auto f = e.submit({.stop = &stop}, nap, duration(1h));
  EXPECT_THROW(f.blocking_get(), stopped);
  other.join();
}

// Every thread begins its calls itself; one of them drives what all of them wait for.
TEST(inline_executor, many_threads_use_one_at_once) {
  inline_executor e;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&e, t] {
      auto const here = std::this_thread::get_id();
      for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(e.submit([] { return std::this_thread::get_id(); }).blocking_get(), here);
        EXPECT_EQ(e.submit(after_turns, i % 5, t * 1000 + i).blocking_get(), t * 1000 + i);
        if (i % 50 == 0) e.submit(nap, duration(100us)).blocking_get();
      }
    });
  for (auto& t : threads) t.join();
}

TEST(inline_executor, a_future_may_outlive_it) {
  std::optional<future<int>> f;
  {
    inline_executor e;
    f.emplace(e.submit(after_turns, 2, 6));
  }
  EXPECT_EQ(f->blocking_get(), 6);
}
