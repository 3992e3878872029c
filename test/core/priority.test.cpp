// SPDX-License-Identifier: Apache-2.0
// Levels are ordered, and travel from the options to the call.
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

#include <quartet/core/priority.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>

using namespace quartet;

static_assert(priority::background < priority::normal);
static_assert(priority::normal < priority::high);
static_assert(priority::high < priority::urgent);
static_assert(sizeof(priority) == 1);

TEST(priority, calls_and_options_are_normal_unless_said_otherwise) {
  EXPECT_EQ(call{}.level, priority::normal);
  EXPECT_EQ(submit_options{}.level, std::nullopt) << "that of whoever submits";
}

TEST(priority, a_task_has_the_level_it_was_submitted_with_after_each_wait_too) {
  manual_executor e;
  auto f = e.submit({.level = priority::high}, []() -> task<> {
    EXPECT_EQ(current_task()->level, priority::high);
    co_await yield();
    EXPECT_EQ(current_task()->level, priority::high);
  });
  f.blocking_get();
}

TEST(priority, what_a_task_starts_has_its_level_unless_told_otherwise) {
  manual_executor e;
  auto const level = [] { return current_task()->level; };
  auto f = e.submit({.level = priority::high}, [&]() -> task<> {
    auto same = e.submit(level);
    EXPECT_EQ(co_await same, priority::high);
    auto other = e.submit({.level = priority::background}, level);
    co_await yield();
    EXPECT_EQ(co_await other, priority::background);
  });
  f.blocking_get();
  EXPECT_EQ(e.submit(level).blocking_get(), priority::normal) << "outside tasks";
}

TEST(priority, a_raise_goes_down_the_scopes_and_to_those_that_come_later) {
  auto* const top = new stop_state;
  auto* const below = new stop_state;
  auto* const later = new stop_state;
  below->link_to(*top);
  EXPECT_EQ(below->raised(), priority::background);
  top->raise(priority::high);
  top->raise(priority::normal);
  later->link_to(*below);
  EXPECT_EQ(top->raised(), priority::high) << "a raise never lowers";
  EXPECT_EQ(below->raised(), priority::high);
  EXPECT_EQ(later->raised(), priority::high);
  later->unlink();
  below->unlink();
  top->raise(priority::urgent);
  EXPECT_EQ(below->raised(), priority::high) << "it has left";
  for (stop_state* s : {later, below, top}) s->release();
}

TEST(priority, a_raise_passes_a_hundred_thousand_nested_scopes_in_constant_stack) {
  stop_source top;
  std::vector<stop_state*> scopes{&top.state()};
  for (int level = 0; level != 100'000; ++level) {
    auto* const below = new stop_state;
    below->link_to(*scopes.back());
    scopes.push_back(below);
  }
  top.state().raise(priority::urgent);
  EXPECT_EQ(scopes.back()->raised(), priority::urgent);
  for (; scopes.size() > 1; scopes.pop_back()) {
    scopes.back()->unlink();
    scopes.back()->release();
  }
}

TEST(priority, a_task_runs_at_the_level_of_whoever_waits_for_it) {
  manual_executor e;
  std::string seen;
  auto const levels_seen = [&seen]() -> task<> {
    for (int i = 0; i != 2; ++i) {
      seen += '0' + static_cast<char>(current_task()->current_level());
      co_await sleep_for(std::chrono::seconds(2));
    }
  };
  auto low = e.submit({.level = priority::background}, levels_seen);
  auto high = e.submit({.level = priority::high}, [&]() -> task<> {
    co_await sleep_for(std::chrono::seconds(1));
    co_await low;
  });
  high.blocking_get();
  EXPECT_EQ(seen, "02");
}

TEST(priority, a_plain_function_has_the_level_it_was_submitted_with) {
  manual_executor e;
  auto f = e.submit({.level = priority::urgent},
                    [] { EXPECT_EQ(current_task()->level, priority::urgent); });
  f.blocking_get();
}
