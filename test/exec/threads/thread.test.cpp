// SPDX-License-Identifier: Apache-2.0
// Plain threads: they run, stop, join, and hand errors over.
#include <atomic>
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

#include <quartet/core/context.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

namespace quartet {
namespace {

using quartet::thread;  // not std::thread

TEST(thread, runs_its_function_with_arguments_moved_in) {
  int seen = 0;
  thread t{[&seen](std::unique_ptr<int> p, int x) { seen = *p + x; }, std::make_unique<int>(40), 2};
  EXPECT_TRUE(t.joinable());
  t.join();
  EXPECT_FALSE(t.joinable());
  EXPECT_EQ(seen, 42);
}

TEST(thread, join_throws_what_the_function_threw) {
  thread t{[] { throw std::out_of_range("too far"); }};
  EXPECT_THROW(t.join(), std::out_of_range);
}

TEST(thread, joins_at_the_end_of_its_scope_after_asking_for_a_stop) {
  bool ended = false;
  {
    thread t{[&] {
      while (!stop_requested()) std::this_thread::yield();
      ended = true;
    }};
  }
  EXPECT_TRUE(ended);
}

TEST(thread, a_function_that_wants_the_token_gets_it) {
  thread t{[](stop_token token, int x) {
             EXPECT_EQ(x, 7);
             while (!token.requested()) std::this_thread::yield();
           },
           7};
  EXPECT_FALSE(t.stop_requested());
  EXPECT_TRUE(t.stop());
  EXPECT_TRUE(t.stop_requested());
  t.join();
}

TEST(thread, a_blocking_wait_in_it_ends_with_the_stop) {
  bool after = false;
  thread t{[&] {
    blocking_sleep_for(std::chrono::hours(1));
    after = true;
  }};
  t.stop();
  t.join();  // a stop is no error
  EXPECT_FALSE(after);
}

TEST(thread, has_the_name_that_was_given) {
  char name[16] = {};
  thread t{{.name = "a name longer than fifteen"},
           [&] { pthread_getname_np(pthread_self(), name, sizeof name); }};
  t.join();
  EXPECT_STREQ(name, "a name longer t");
}

TEST(thread, moves_and_the_one_overwritten_is_joined) {
  std::atomic<int> ended{0};
  auto const body = [&] {
    while (!stop_requested()) std::this_thread::yield();
    ++ended;
  };
  thread a{body};
  thread b{body};
  a = std::move(b);
  EXPECT_EQ(ended, 1);
  EXPECT_FALSE(b.joinable());  // NOLINT(bugprone-use-after-move): that is the question
  thread c{std::move(a)};
  c.stop();
  c.join();
  EXPECT_EQ(ended, 2);
}

TEST(thread, started_by_a_task_it_stops_with_it) {
  thread_pool pool{{.workers = 1}};
  std::atomic<bool> inside{false};
  auto f = pool.submit([&] {
    thread t{[&] {
      inside = true;
      blocking_sleep_for(std::chrono::hours(1));
    }};
    t.join();
  });
  while (!inside) std::this_thread::yield();
  EXPECT_EQ(pool.submit([] { return 1; }).blocking_get(), 1);  // the slot was given away
  f.stop();
  f.blocking_get();
}

TEST(thread, joining_nothing_is_a_mistake_that_is_named) {
  thread t;
  EXPECT_DEATH(t.join(), "no thread to join");
}

TEST(thread, an_error_that_nobody_joins_for_ends_the_program) {
  // A watchdog of pools may run; thread sanitizer lets no such child of a fork start threads.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH({ thread t{[] { throw std::runtime_error("unseen"); }}; }, "unseen");
}

}  // namespace
}  // namespace quartet
