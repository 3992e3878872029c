// SPDX-License-Identifier: Apache-2.0
// Where a thread is: scopes nest, blocking is announced, frames come back from the cache.
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

#include <quartet/core/context.hpp>
#include <quartet/core/execution.hpp>
#include <quartet/core/waiter.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

using namespace quartet;

namespace {

struct watched final : execution {
  explicit watched(executor_base& e) : execution(e) {}
  void will_block() noexcept override { ++blocked; }
  void did_block() noexcept override { ++back; }
  int blocked = 0, back = 0;
};

}  // namespace

TEST(execution, outside_executors_there_is_neither_execution_nor_task) {
  EXPECT_EQ(current_execution(), nullptr);
  EXPECT_EQ(current_task(), nullptr);
  EXPECT_FALSE(stop_requested());
  EXPECT_NO_THROW(checkpoint());
  EXPECT_FALSE(current_stop_token().requested());
}

TEST(execution, scopes_nest_and_belong_to_their_thread) {
  manual_executor a, b;
  execution outer(a), inner(b);
  {
    execution_scope const s(outer);
    EXPECT_EQ(current_execution(), &outer);
    {
      execution_scope const t(inner);
      EXPECT_EQ(current_execution(), &inner);
      EXPECT_EQ(current_execution()->executor, &b);
      std::thread([] { EXPECT_EQ(current_execution(), nullptr); }).join();
    }
    EXPECT_EQ(current_execution(), &outer);
  }
  EXPECT_EQ(current_execution(), nullptr);
}

TEST(execution, a_task_knows_its_executor_and_is_current_only_while_it_runs) {
  manual_executor e;
  auto f = e.submit([&e]() -> task<> {
    task_context* const me = current_task();
    EXPECT_NE(me, nullptr);
    EXPECT_EQ(current_execution()->executor, &e);
    co_await yield();
    EXPECT_EQ(current_task(), me);
  });
  EXPECT_TRUE(e.run_one());
  EXPECT_EQ(current_task(), nullptr);
  f.blocking_get();
}

TEST(execution, a_task_run_on_top_of_another_gives_the_place_back) {
  manual_executor outer, inner;
  auto f = outer.submit([&] {
    task_context* const me = current_task();
    inner.submit([&] { EXPECT_NE(current_task(), me); }).blocking_get();
    EXPECT_EQ(current_task(), me);
    EXPECT_EQ(current_execution()->executor, &outer);
  });
  f.blocking_get();
}

TEST(execution, is_told_before_and_after_a_thread_blocks) {
  manual_executor e;
  watched here(e);
  execution_scope const s(here);
  blocking_waiter w;
  std::thread other([&w] { w.resume(); });
  EXPECT_TRUE(w.wait());
  other.join();
  EXPECT_EQ(here.blocked, 1);
  EXPECT_EQ(here.back, 1);
}

TEST(execution, frames_of_a_class_are_used_again_last_in_first_out) {
  detail::frame_cache cache;
  void* const a = cache.take(100);
  void* const b = cache.take(128);
  cache.give(a, 100);
  cache.give(b, 128);
  EXPECT_EQ(cache.take(65), b) << "65 to 128 bytes are one class";
  EXPECT_EQ(cache.take(128), a);
  cache.give(a, 128);
  cache.give(b, 65);
  void* const other = cache.take(64);
  EXPECT_NE(other, a);
  EXPECT_NE(other, b);
  cache.give(other, 64);
}

TEST(execution, large_frames_and_more_than_the_cache_holds_go_back_to_the_heap) {
  detail::frame_cache cache;
  cache.give(cache.take(1 << 20), 1 << 20);
  std::vector<void*> all;
  for (int i = 0; i < 1000; ++i) all.push_back(cache.take(2048));
  for (void* p : all) cache.give(p, 2048);  // leak checkers see what is lost
}

TEST(execution, a_frame_made_on_one_thread_is_freed_on_another) {
  manual_executor e;  // first: it outlives the pool's threads, which may run on its machine
  thread_pool pool({.workers = 2});
  auto f = e.submit([&pool, &e]() -> task<> {
    for (int i = 0; i < 50; ++i) {
      co_await hop(pool);
      co_await hop(e);
    }
  });
  while (!f.done()) {
    e.run_until_idle();
    std::this_thread::yield();
  }
  f.blocking_get();
}
