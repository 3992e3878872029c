// SPDX-License-Identifier: Apache-2.0
// when_all: together, in order, and stopped together.
#include <gtest/gtest.h>
#include <string>

#include <quartet/algo/when_all.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

task<int> number(int x, duration d) {
  co_await sleep_for(d);
  co_return x;
}
task<std::string> word(std::string s) {
  co_await yield();
  co_return s + s;
}
task<> nothing(int* ran) {
  ++*ran;
  co_return;
}
task<int> fails(duration d) {
  co_await sleep_for(d);
  throw std::runtime_error("failed");
}

}  // namespace

TEST(when_all, tasks_overlap_and_their_results_keep_the_order_of_the_arguments) {
  manual_executor e;
  auto const both = []() -> task<std::string> {
    auto [n, w] = co_await when_all(number(7, 2s), word("a string on the heap, not in place"));
    co_return w + std::to_string(n);
  };
  auto const before = e.now();
  EXPECT_EQ(e.submit(both).blocking_get(),
            "a string on the heap, not in placea string on the heap, not in place7");
  EXPECT_EQ(e.now() - before, 2s);
}

TEST(when_all, void_gives_a_unit) {
  manual_executor e;
  int ran = 0;
  auto const run = [](int* n) -> task<int> {
    auto [a, b] = co_await when_all(nothing(n), number(1, 0s));
    static_cast<void>(a);
    co_return b;
  };
  EXPECT_EQ(e.submit(run, &ran).blocking_get(), 1);
  EXPECT_EQ(ran, 1);
}

TEST(when_all, who_is_stopped_by_itself_leaves_no_result_and_the_whole_is_stopped) {
  manual_executor e;
  auto const both = [](manual_executor* on) -> task<int> {
    auto const awaits = [](manual_executor* to) -> task<int> {
      auto call = to->submit(number, 1, 2s);
      call.stop();
      co_return co_await call;
    };
    auto [a, b] = co_await when_all(awaits(on), number(2, 1s));
    co_return a + b;
  };
  EXPECT_THROW(e.submit(both, &e).blocking_get(), stopped);
}

TEST(when_all, the_first_failure_stops_the_others_and_is_thrown) {
  manual_executor e;
  auto const run = []() -> task<> { co_await when_all(number(1, 1h), fails(1s)); };
  auto const before = e.now();
  EXPECT_THROW(e.submit(run).blocking_get(), std::runtime_error);
  EXPECT_EQ(e.now() - before, 1s);
}
