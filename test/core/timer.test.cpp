// SPDX-License-Identifier: Apache-2.0
// The timers of an executor: in order, and gone once cancelled.
#include <string>
#include <vector>

#include <quartet/core/executor_base.hpp>
#include <quartet/core/timer.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "core/hammer.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

struct noting : timer {
  noting(std::vector<int>& o, int n, time_point t)
      : timer([](timer& x) noexcept {
          auto& self = static_cast<noting&>(x);
          self.out.push_back(self.number);
        }),
        out(o),
        number(n) {
    when = t;
  }
  std::vector<int>& out;
  int number;
};

timer_service& timers_of(executor_base& e) { return e.timers(); }

}  // namespace

static_assert(!std::is_copy_constructible_v<timer>, "it is linked where it stands");

TEST(timer, fires_by_time_and_equal_times_in_the_order_of_arming) {
  manual_executor e;
  std::vector<int> out;
  auto const start = e.now();
  noting c(out, 3, start + 2h), a(out, 1, start + 1h), b(out, 2, start + 1h);
  for (noting* t : {&c, &a, &b}) timers_of(e).arm(*t);
  e.advance(90min);
  EXPECT_EQ(out, (std::vector<int>{1, 2}));
  e.advance(1h);
  EXPECT_EQ(out, (std::vector<int>{1, 2, 3}));
}

TEST(timer, cancelled_it_does_not_fire_and_says_whether_it_had) {
  manual_executor e;
  std::vector<int> out;
  noting a(out, 1, e.now() + 1h), b(out, 2, e.now() + 1h), unarmed(out, 3, e.now());
  timers_of(e).arm(a);
  timers_of(e).arm(b);
  EXPECT_TRUE(timers_of(e).cancel(a));
  EXPECT_FALSE(timers_of(e).cancel(a)) << "already cancelled";
  EXPECT_FALSE(timers_of(e).cancel(unarmed));
  e.advance(2h);
  EXPECT_EQ(out, (std::vector<int>{2}));
  EXPECT_FALSE(timers_of(e).cancel(b)) << "it has fired";
}

TEST(timer, may_be_armed_again_after_it_fired_or_was_cancelled) {
  manual_executor e;
  std::vector<int> out;
  noting a(out, 1, e.now() + 1h);
  timers_of(e).arm(a);
  e.advance(2h);
  a.when = e.now() + 1h;
  timers_of(e).arm(a);
  EXPECT_TRUE(timers_of(e).cancel(a));
  timers_of(e).arm(a);
  e.advance(2h);
  EXPECT_EQ(out, (std::vector<int>{1, 1}));
}

TEST(timer, may_cancel_itself_while_it_fires) {
  manual_executor e;
  struct self_cancelling : timer {
    explicit self_cancelling(timer_service& s)
        : timer([](timer& x) noexcept {
            auto& self = static_cast<self_cancelling&>(x);
            self.cancelled = self.service.cancel(self);
            self.fired = true;
          }),
          service(s) {}
    timer_service& service;
    bool fired = false, cancelled = true;
  } t(timers_of(e));
  t.when = e.now() + 1h;
  timers_of(e).arm(t);
  e.advance(2h);
  EXPECT_TRUE(t.fired);
  EXPECT_FALSE(t.cancelled);
}

TEST(timer, after_a_cancel_from_another_thread_its_memory_is_free) {
  struct plain : timer {
    plain() : timer([](timer& x) noexcept { ++static_cast<plain&>(x).fired; }) {}
    int fired = 0;  // not atomic: cancel must order it
  };
  thread_pool pool({.workers = 2});
  pool.warm();
  std::atomic<int> wrong{0};
  test::together(3, [&](int) {
    for (int i = 0; i < 500; ++i) {
      plain t;
      t.when = after(std::chrono::microseconds(i % 40));
      timers_of(pool).arm(t);
      if (i % 2 == 0) std::this_thread::yield();
      bool const cancelled = timers_of(pool).cancel(t);
      if (t.fired != (cancelled ? 0 : 1)) ++wrong;
    }
  });
  EXPECT_EQ(wrong, 0);
}
