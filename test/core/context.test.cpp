// SPDX-License-Identifier: Apache-2.0
// What a task knows of itself, inside and outside.
#include <gtest/gtest.h>

#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>

using namespace quartet;

TEST(context, outside_tasks_nothing_can_stop_us) {
  EXPECT_EQ(current_task(), nullptr);
  EXPECT_FALSE(stop_requested());
  EXPECT_NO_THROW(checkpoint());
  EXPECT_FALSE(current_stop_token().requested());
}

TEST(context, a_plain_call_has_a_task_with_its_name_and_executor) {
  manual_executor e;
  auto const look = [](manual_executor* on) {
    task_context* const t = current_task();
    return t != nullptr && t->executor == on && std::string(t->name) == "looking";
  };
  EXPECT_TRUE(e.submit({.name = "looking"}, look, &e).blocking_get());
  EXPECT_EQ(current_task(), nullptr);
}

TEST(context, every_coroutine_of_a_chain_sees_the_same_task) {
  manual_executor e;
  auto const body = []() -> task<bool> {
    auto const below = []() -> task<task_context*> {
      co_await yield();
      co_return current_task();
    };
    task_context* const here = current_task();
    task_context* const there = co_await below();
    co_return here == there&& here != nullptr;
  };
  EXPECT_TRUE(e.submit(body).blocking_get());
}

TEST(context, a_stop_is_seen_by_computing_code_and_thrown_by_a_checkpoint) {
  manual_executor e;
  stop_source stop;
  auto const body = [](stop_source* s) {
    bool const before = stop_requested();
    s->request();
    EXPECT_TRUE(current_stop_token().requested());
    EXPECT_FALSE(before);
    EXPECT_TRUE(stop_requested());
    checkpoint();
  };
  EXPECT_THROW(e.submit({.stop = &stop}, body, &stop).blocking_get(), stopped);
}
