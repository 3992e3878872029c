// SPDX-License-Identifier: Apache-2.0
// The border as an executor sees it: run or fail each item, once, and forget the call.
#include <memory>
#include <stdexcept>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>

#include "core/hammer.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

struct no_timers final : timer_service {
  void arm(timer&) override { FAIL() << "nobody sleeps here"; }
  bool cancel(timer&) noexcept override { return false; }
};

// Keeps the calls for the test to look at.
class shelf final : public executor_members<any_call> {
 public:
  ~shelf() override { wait_until_idle(); }
  void start(call& c) noexcept override { calls.push_back(&c); }
  timer_service& timers() noexcept override { return timers_; }

  std::vector<call*> calls;

 private:
  no_timers timers_;
};

void run(executor_base& e, call& c, std::size_t first, std::size_t last) {
  execution here(e);
  execution_scope const scope(here);
  c.run(c, first, last);
}

}  // namespace

TEST(call, carries_what_the_options_said) {
  shelf e;
  auto f = e.submit({.timeout = 3s, .level = priority::high, .name = "decode"}, [] { return 1; });
  ASSERT_EQ(e.calls.size(), 1u);
  call& c = *e.calls[0];
  EXPECT_EQ(c.count, 1u);
  EXPECT_EQ(c.timeout, 3s);
  EXPECT_EQ(c.level, priority::high);
  EXPECT_STREQ(c.name, "decode");
  EXPECT_GT(c.where.line, 0u);
  EXPECT_EQ(c.remote, nullptr) << "a call that may be anything stays in the process";
  EXPECT_EQ(c.why, call::turn::fresh);
  ASSERT_NE(c.scope, nullptr);
  EXPECT_FALSE(c.scope->requested());
  f.stop();
  EXPECT_TRUE(c.scope->requested());
  c.fail(c, 0, 1, ending::stopped, nullptr);
  EXPECT_EQ(test::ending_of(f), ending::stopped);
}

TEST(call, without_options_it_is_unnamed_and_unhurried) {
  shelf e;
  auto f = e.submit([] { return 1; });
  call& c = *e.calls.at(0);
  EXPECT_EQ(c.name, nullptr);
  EXPECT_EQ(c.timeout, duration::zero());
  EXPECT_EQ(c.where.line, 0u);
  run(e, c, 0, 1);
  EXPECT_EQ(f.blocking_get(), 1);
}

TEST(call, an_executor_may_fail_it_in_each_way) {
  shelf e;
  auto failed = e.submit([] { return 1; });
  auto stopped = e.submit([] { return 1; });
  auto late = e.submit([] { return 1; });
  auto const error = std::make_exception_ptr(std::runtime_error("no worker"));
  e.calls.at(0)->fail(*e.calls[0], 0, 1, ending::failed, error);
  e.calls.at(1)->fail(*e.calls[1], 0, 1, ending::stopped, nullptr);
  e.calls.at(2)->fail(*e.calls[2], 0, 1, ending::timed_out, nullptr);
  try {
    failed.blocking_get();
    ADD_FAILURE();
  } catch (std::runtime_error const& x) {
    EXPECT_STREQ(x.what(), "no worker");
  }
  EXPECT_EQ(test::ending_of(stopped), ending::stopped);
  EXPECT_EQ(test::ending_of(late), ending::timed_out);
}

TEST(call, failing_it_destroys_the_callable) {
  shelf e;
  auto const kept = std::make_shared<int>(1);
  auto f = e.submit([kept] { return *kept; });
  EXPECT_EQ(kept.use_count(), 2);
  e.calls.at(0)->fail(*e.calls[0], 0, 1, ending::stopped, nullptr);
  EXPECT_EQ(kept.use_count(), 1);
}

TEST(call, items_are_run_and_failed_in_disjoint_ranges_in_any_order) {
  shelf e;
  std::vector<int> const in{0, 1, 2, 3, 4, 5};
  std::atomic<int> ran{0};
  auto all = map(e, in, [&ran](int n) {
    ++ran;
    return 10 * n;
  });
  ASSERT_EQ(e.calls.size(), 1u);
  call& c = *e.calls[0];
  EXPECT_EQ(c.count, 6u);
  run(e, c, 4, 6);
  std::thread other([&] { run(e, c, 0, 2); });
  run(e, c, 2, 4);
  other.join();
  EXPECT_EQ(all.blocking_get(), (std::vector<int>{0, 10, 20, 30, 40, 50}));
  EXPECT_EQ(ran, 6);
}

TEST(call, a_resumption_says_why_it_comes_and_is_never_dropped) {
  shelf e;
  auto f = e.submit([]() -> task<> { co_await yield(); });
  run(e, *e.calls.at(0), 0, 1);
  ASSERT_EQ(e.calls.size(), 2u);
  call& again = *e.calls[1];
  EXPECT_EQ(again.why, call::turn::yielded);
  EXPECT_EQ(again.scope, nullptr);
  EXPECT_EQ(again.fail, nullptr);
  EXPECT_EQ(again.count, 1u);
  run(e, again, 0, 1);
  f.blocking_get();
}
