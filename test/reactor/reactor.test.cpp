// SPDX-License-Identifier: Apache-2.0
// Posting, timers and waking, with the test as the driver.
#include <algorithm>
#include <atomic>
#include <deque>
#include <gtest/gtest.h>
#include <memory>
#include <numeric>
#include <thread>

#include <quartet/base/random.hpp>
#include <quartet/reactor/reactor.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::driven_reactor;
using test::numbered_call;
using test::numbered_timer;

namespace {

constexpr time_point long_ago{};

std::vector<int> numbers(int n) {
  std::vector<int> v(static_cast<std::size_t>(n));
  std::iota(v.begin(), v.end(), 0);
  return v;
}

}  // namespace

TEST(reactor, calls_run_in_the_order_of_posting_also_those_posted_while_running) {
  driven_reactor r;
  std::vector<int> ran;
  numbered_call a(ran, 0), b(ran, 1), c(ran, 2), d(ran, 3);
  struct poster : call {
    reactor* to;
    call* what;
  } p;
  p.to = &r.events;
  p.what = &d;
  p.run = [](work_item& self, std::size_t, std::size_t) noexcept {
    auto& me = static_cast<poster&>(self);
    me.to->post(*me.what);
  };
  r.events.post(a);
  r.events.post(p);
  b.why = call::turn::yielded;
  r.events.post(b);
  r.events.post(c);
  EXPECT_EQ(r.events.run_ready(2), 2u);
  EXPECT_EQ(ran, numbers(1));
  EXPECT_TRUE(r.events.has_ready());
  EXPECT_EQ(r.events.run_ready(64), 3u);
  EXPECT_EQ(ran, numbers(4));
  EXPECT_FALSE(r.events.has_ready());
}

TEST(reactor, gives_a_call_all_its_items) {
  driven_reactor r;
  struct bulk : call {
    std::size_t first = 9, last = 0;
  } c;
  c.count = 5;
  c.run = [](work_item& self, std::size_t first, std::size_t last) noexcept {
    static_cast<bulk&>(self).first = first;
    static_cast<bulk&>(self).last = last;
  };
  r.events.post(c);
  r.run_all();
  EXPECT_EQ(c.first, 0u);
  EXPECT_EQ(c.last, 5u);
}

TEST(reactor, running_ends_early_once_done_is_set) {
  driven_reactor r;
  struct setter : call {
    seam::atomic<bool> done{false};
  } s;
  s.run = [](work_item& c, std::size_t, std::size_t) noexcept {
    static_cast<setter&>(c).done.store(true, seam::release);
  };
  std::vector<int> ran;
  numbered_call after_it(ran, 0);
  r.events.post(s);
  r.events.post(after_it);
  EXPECT_EQ(r.events.run_ready(64, &s.done), 1u);
  EXPECT_TRUE(ran.empty());
  r.run_all();
}

TEST(reactor, only_one_thread_drives_and_the_next_finds_the_work_left) {
  std::vector<int> ran;
  numbered_call a(ran, 0), b(ran, 1);
  reactor r;
  EXPECT_FALSE(r.has_driver());
  test::no_executor e(r);
  auto const drive_once = [&] {
    execution x(e);
    execution_scope const scope(x);
    ASSERT_TRUE(r.try_enter());
    EXPECT_TRUE(r.has_driver());
    EXPECT_TRUE(r.is_driver());
    std::thread([&] {
      execution y(e);
      execution_scope const other(y);
      EXPECT_FALSE(r.is_driver());
      EXPECT_FALSE(r.try_enter());
    }).join();
    r.post(b);
    EXPECT_EQ(r.run_ready(1), 1u);
    r.leave();
  };
  r.post(a);
  std::thread(drive_once).join();
  EXPECT_EQ(ran, numbers(1)) << "a was posted first, from outside";
  execution x(e);
  execution_scope const scope(x);
  ASSERT_TRUE(r.try_enter());
  r.run_ready(64);
  r.leave();
  EXPECT_EQ(ran, numbers(2));
}

// Each thread posts its own calls; each call counts its runs. The driver sleeps whenever nothing is
// there, so a lost ring would hang the test, a lost or doubled call would show in the counts, and
// the order within one thread in `last`.
TEST(reactor, forty_thousand_calls_from_four_threads_run_once_each_in_each_threads_order) {
  constexpr int threads = 4, each = 10'000;
  driven_reactor r;
  struct counted : call {
    int number = 0, runs = 0;
    int* last = nullptr;
    int* all = nullptr;
    bool in_order = false;
  };
  int all = 0;
  std::vector<std::unique_ptr<counted[]>> calls;
  int last[threads] = {};
  std::vector<std::thread> posters;
  for (int t = 0; t < threads; ++t) {
    calls.push_back(std::make_unique<counted[]>(each));
    for (int i = 0; i < each; ++i) {
      counted& c = calls.back()[static_cast<std::size_t>(i)];
      c.number = i;
      c.last = &last[t];
      c.all = &all;
      c.run = [](work_item& x, std::size_t, std::size_t) noexcept {
        auto& self = static_cast<counted&>(x);
        ++self.runs;
        ++*self.all;
        self.in_order = self.number == (*self.last)++;
      };
    }
  }
  for (int t = 0; t < threads; ++t)
    posters.emplace_back([&, t] {
      for (int i = 0; i < each; ++i)
        r.events.post(calls[static_cast<std::size_t>(t)][static_cast<std::size_t>(i)]);
    });
  while (all < threads * each) {
    r.events.run_ready(64);
    if (all < threads * each) r.events.wait(never);
  }
  for (auto& t : posters) t.join();
  for (auto const& list : calls)
    for (std::size_t i = 0; i < each; ++i) {
      ASSERT_EQ(list[i].runs, 1);
      ASSERT_TRUE(list[i].in_order);
    }
}

// The call tells the owner, who destroys the reactor at once; the poster may still be in `post`.
// Address and thread sanitizers are the oracle.
TEST(reactor, may_be_destroyed_as_soon_as_the_posted_call_has_run) {
  for (int round = 0; round < 100; ++round) {
    struct last_call : call {
      bool ran = false;
    } c;
    c.run = [](work_item& x, std::size_t, std::size_t) noexcept {
      static_cast<last_call&>(x).ran = true;
    };
    auto r = std::make_unique<driven_reactor>();
    std::thread poster([&c, to = r.get()] { to->events.post(c); });
    while (!c.ran) {
      r->events.wait(never);
      r->events.run_ready(64);
    }
    r.reset();
    poster.join();
  }
}

TEST(reactor, a_wake_before_the_wait_is_not_lost) {
  driven_reactor r;
  r.events.wake();
  r.events.wait(never);
  std::thread waker([&] { r.events.wake(); });
  r.events.wait(never);
  waker.join();
}

TEST(reactor, a_wait_lasts_at_least_until_its_deadline) {
  driven_reactor r;
  auto const deadline = after(2ms);
  while (clock::now() < deadline) r.events.wait(deadline);
  std::vector<int> fired;
  numbered_timer t(fired, 0, after(2ms));
  r.events.arm(t);
  while (fired.empty()) r.events.wait(never);
  EXPECT_GE(clock::now(), t.when);
  EXPECT_FALSE(r.events.cancel(t)) << "it has fired";
}

TEST(reactor, timers_fire_by_time_and_equal_times_in_the_order_of_arming) {
  driven_reactor r;
  std::vector<int> fired;
  std::deque<numbered_timer> timers;
  random_stream random(7);
  for (int i = 0; i < 1000; ++i)
    timers.emplace_back(fired, i, long_ago + duration(random.below(50) * 1000));
  for (auto& t : timers) r.events.arm(t);
  EXPECT_FALSE(r.events.quiet());
  std::vector<int> expected = numbers(1000);
  std::stable_sort(expected.begin(), expected.end(), [&](int a, int b) {
    return timers[static_cast<std::size_t>(a)].when < timers[static_cast<std::size_t>(b)].when;
  });
  r.events.poll_now();
  EXPECT_EQ(fired, expected);
  EXPECT_TRUE(r.events.quiet());
}

// A thousand timers, every third cancelled in a shuffled order: the rest fires, in order.
TEST(reactor, cancelled_timers_do_not_fire_and_the_others_keep_their_order) {
  driven_reactor r;
  std::vector<int> fired, expected;
  std::deque<numbered_timer> timers;
  random_stream random(8);
  for (int i = 0; i < 999; ++i) timers.emplace_back(fired, i, long_ago + duration(i));
  std::vector<int> order = numbers(999);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  for (int i : order) r.events.arm(timers[static_cast<std::size_t>(i)]);
  for (int i : order)
    if (i % 3 == 0) {
      EXPECT_TRUE(r.events.cancel(timers[static_cast<std::size_t>(i)]));
    }
  for (int i = 0; i < 999; ++i)
    if (i % 3 != 0) expected.push_back(i);
  r.events.poll_now();
  EXPECT_EQ(fired, expected);
  EXPECT_FALSE(r.events.cancel(timers[0]));
}

TEST(reactor, a_timer_may_arm_itself_again_and_cancel_itself_while_it_fires) {
  driven_reactor r;
  struct repeated : timer {
    explicit repeated(reactor& e)
        : timer([](timer& t) noexcept {
            auto& self = static_cast<repeated&>(t);
            EXPECT_FALSE(self.on.cancel(self));
            if (++self.fired < 3) self.on.arm(self);
          }),
          on(e) {}
    reactor& on;
    int fired = 0;
  } t(r.events);
  r.events.arm(t);
  r.events.poll_now();
  EXPECT_EQ(t.fired, 1) << "a timer that arms itself does not hold the driver";
  r.events.poll_now();
  r.events.poll_now();
  EXPECT_EQ(t.fired, 3);
}

TEST(reactor, an_earlier_timer_armed_by_another_thread_shortens_the_wait) {
  driven_reactor r;
  std::vector<int> fired;
  numbered_timer late(fired, 0, after(1h)), soon(fired, 1, after(1ms));
  r.events.arm(late);
  std::thread other([&] { r.events.arm(soon); });
  while (fired.empty()) r.events.wait(never);
  other.join();
  EXPECT_EQ(fired, std::vector<int>{1});
  EXPECT_TRUE(r.events.cancel(late));
}

// The other thread cancels while the driver fires. `cancel` must not return while `fire` runs:
// afterwards the timer is destroyed, so the sanitizers would see a late access; and true must mean
// that it did not fire.
TEST(reactor, cancel_from_another_thread_is_final_when_it_returns) {
  driven_reactor r;
  for (int round = 0; round < 200; ++round) {
    struct slow : timer {
      slow()
          : timer([](timer& t) noexcept {
              auto& self = static_cast<slow&>(t);
              self.began.store(true);
              for (int i = 0; i < 100; ++i) self.work.fetch_add(1);
            }) {}
      std::atomic<bool> began{false};
      std::atomic<int> work{0};
    };
    auto t = std::make_unique<slow>();
    r.events.arm(*t);
    std::atomic<bool> gone{false};
    std::thread other([&] {
      bool const kept = r.events.cancel(*t);
      EXPECT_EQ(t->work.load(), kept ? 0 : 100);
      EXPECT_NE(t->began.load(), kept);
      t.reset();
      gone.store(true);
    });
    while (!gone.load()) r.events.poll_now();
    other.join();
  }
}

TEST(reactor_death, misuse_is_named) {
  EXPECT_DEATH(
      {
        driven_reactor r;
        std::vector<int> none;
        numbered_timer t(none, 0, never);
        r.events.arm(t);
        r.events.arm(t);
      },
      "armed twice");
  EXPECT_DEATH(
      {
        std::vector<int> none;
        numbered_timer t(none, 0, never);
        reactor r;
        r.arm(t);
        r.~reactor();
      },
      "while a timer was armed");
  EXPECT_DEATH(
      {
        std::vector<int> none;
        numbered_call c(none, 0);
        reactor r;
        r.post(c);
        r.~reactor();
      },
      "calls that have not run");
  EXPECT_DEATH(
      {
        reactor r;
        r.try_enter();
      },
      "inside an execution_scope");
}
