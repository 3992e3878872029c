// SPDX-License-Identifier: Apache-2.0
// The line that primitives are made of, shown on a turnstile: a few permits, first come first.
#include <string>
#include <vector>

#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/wait_line.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "core/hammer.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

namespace {

class turnstile {
 public:
  struct pass {
    turnstile& t;
    seam::mutex& guard() noexcept { return t.guard_; }
    wait_line& line() noexcept { return t.line_; }
    bool try_now(wake_list&) noexcept {
      if (!t.line_.empty() || t.permits_ == 0) return false;
      --t.permits_;
      return true;
    }
    void* payload() noexcept { return nullptr; }
    void left(wake_list&) noexcept { ++t.left_; }
    void queued() noexcept { ++t.queued_; }
    bool finish(bool got) noexcept { return got; }
  };

  auto enter(time_point until = never) noexcept { return wait_in_line(pass{*this}, until); }
  bool blocking_enter(time_point until = never, executor_base* driver = nullptr) {
    return block_in_line(pass{*this}, until, driver);
  }
  void give(int n) noexcept {
    wake_list woken;
    seam::guard const g(guard_);
    for (; n > 0; --n)
      if (!line_.take(woken)) ++permits_;
  }
  void open() noexcept {
    wake_list woken;
    seam::guard const g(guard_);
    line_.take_all(woken);
  }
  int permits() noexcept { return look(permits_); }
  int left() noexcept { return look(left_); }
  int queued() noexcept { return look(queued_); }

 private:
  int look(int const& n) noexcept {
    seam::guard const g(guard_);
    return n;
  }
  seam::mutex guard_;
  wait_line line_;
  int permits_ = 0, left_ = 0, queued_ = 0;
};

task<> enter_as(turnstile* t, std::vector<int>* out, int number) {
  bool const in = co_await t->enter();  // not in the condition: see spellings.test.cpp
  if (in) out->push_back(number);
}
task<bool> enter_until(turnstile* t, duration d) { co_return co_await t->enter(after(d)); }

}  // namespace

static_assert(wait_operation<turnstile::pass>);
static_assert(std::is_trivially_destructible_v<decltype(std::declval<turnstile&>().enter())>);

TEST(wait_line, what_is_there_is_taken_without_suspending) {
  manual_executor e;
  turnstile t;
  t.give(1);
  std::vector<int> out;
  auto f = e.submit(enter_as, &t, &out, 1);
  EXPECT_EQ(e.run_until_idle(), 1u);
  EXPECT_TRUE(f.done());
  EXPECT_EQ(t.queued(), 0);
}

TEST(wait_line, those_who_wait_are_served_in_the_order_they_came) {
  manual_executor e;
  turnstile t;
  std::vector<int> out;
  auto a = e.submit(enter_as, &t, &out, 1);
  auto b = e.submit(enter_as, &t, &out, 2);
  auto c = e.submit(enter_as, &t, &out, 3);
  e.run_until_idle();
  EXPECT_EQ(t.queued(), 3);
  t.give(2);
  e.run_until_idle();
  EXPECT_EQ(out, (std::vector<int>{1, 2}));
  t.open();
  e.run_until_idle();
  EXPECT_EQ(out, (std::vector<int>{1, 2, 3}));
}

TEST(wait_line, a_stopped_one_steps_out_and_takes_no_turn) {
  manual_executor e;
  turnstile t;
  std::vector<int> out;
  auto a = e.submit(enter_as, &t, &out, 1);
  auto b = e.submit(enter_as, &t, &out, 2);
  e.run_until_idle();
  a.stop();
  EXPECT_EQ(t.left(), 1);
  t.give(1);
  e.run_until_idle();
  EXPECT_EQ(out, (std::vector<int>{2}));
  EXPECT_EQ(ending_of(a), ending::stopped);
}

TEST(wait_line, a_stop_after_the_turn_was_given_comes_too_late) {
  manual_executor e;
  turnstile t;
  std::vector<int> out;
  auto a = e.submit(enter_as, &t, &out, 1);
  e.run_until_idle();
  t.give(1);
  a.stop();
  e.run_until_idle();
  EXPECT_EQ(out, (std::vector<int>{1})) << "the permit is not lost";
  EXPECT_EQ(ending_of(a), ending::value);
  EXPECT_EQ(t.left(), 0);
}

TEST(wait_line, a_stopped_task_takes_nothing_that_is_there) {
  manual_executor e;
  turnstile t;
  t.give(1);
  auto f = e.submit([&t]() -> task<> {
    auto body = [&t](scope& s) -> task<> {
      s.stop();
      co_await t.enter();
      ADD_FAILURE() << "the wait is a checkpoint";
    };
    co_await with_scope(body);
  });
  EXPECT_EQ(ending_of(f), ending::stopped);
  EXPECT_EQ(t.permits(), 1);
}

TEST(wait_line, a_deadline_ends_the_wait_and_the_place_in_line) {
  manual_executor e;
  turnstile t;
  std::vector<int> out;
  auto a = e.submit(enter_until, &t, duration(1h));
  auto b = e.submit(enter_as, &t, &out, 2);
  e.run_until_idle();
  e.advance(2h);
  e.run_until_idle();
  EXPECT_FALSE(a.blocking_get());
  EXPECT_EQ(t.left(), 1);
  t.give(1);
  e.run_until_idle();
  EXPECT_EQ(out, (std::vector<int>{2}));
}

TEST(wait_line, a_value_in_time_leaves_no_timer_behind) {
  manual_executor e;
  turnstile t;
  auto a = e.submit(enter_until, &t, duration(1h));
  e.run_until_idle();
  t.give(1);
  EXPECT_TRUE(a.blocking_get());
  e.advance(2h);
  EXPECT_EQ(e.run_until_idle(), 0u);
  EXPECT_EQ(t.left(), 0);
}

TEST(wait_line, threads_and_tasks_stand_in_the_same_line) {
  thread_pool pool({.workers = 2});
  turnstile t;
  auto f = pool.submit([&t]() -> task<> { EXPECT_TRUE(co_await t.enter()); });
  std::thread other([&t] { EXPECT_TRUE(t.blocking_enter()); });
  while (t.queued() < 2) std::this_thread::yield();
  t.give(2);
  other.join();
  f.blocking_get();
  EXPECT_EQ(t.permits(), 0);
}

TEST(wait_line, a_thread_waits_at_least_until_its_deadline) {
  turnstile t;
  auto const until = after(2ms);
  EXPECT_FALSE(t.blocking_enter(until));
  EXPECT_GE(clock::now(), until);
  EXPECT_EQ(t.left(), 1);
}

TEST(wait_line, a_function_that_blocks_in_it_is_stopped_with_its_call) {
  thread_pool pool({.workers = 1});
  turnstile t;
  auto f = pool.submit([&t] { t.blocking_enter(); });
  while (t.queued() < 1) std::this_thread::yield();
  f.stop();
  EXPECT_EQ(ending_of(f), ending::stopped);
  EXPECT_EQ(t.left(), 1);
}

TEST(wait_line, a_blocked_thread_drives_the_executor_it_was_given) {
  manual_executor e;
  turnstile t;
  auto f = e.submit([&t] { t.give(1); });
  EXPECT_TRUE(t.blocking_enter(never, &e));
  f.blocking_get();
}

TEST(wait_line, a_refused_wait_leaves_the_line) {
  event_loop loop;
  turnstile t;
  loop.run([&] { EXPECT_THROW(t.blocking_enter(never, &loop), would_deadlock); });
  EXPECT_EQ(t.left(), 1);
  t.give(1);
  EXPECT_EQ(t.permits(), 1) << "nobody stands there any more";
}

TEST(wait_line, permits_are_neither_lost_nor_made_when_waits_are_stopped_and_time_out) {
  thread_pool pool({.workers = 3});
  turnstile t;
  std::atomic<int> got{0}, given{0}, ended{0};
  constexpr int each = 400;
  test::together(3, [&](int who) {
    for (int i = 0; i < each; ++i) {
      if (who == 0) {
        t.give(1);
        ++given;
        std::this_thread::yield();
      } else if (who == 1) {
        auto f = pool.submit([&]() -> task<> {
          bool const in = co_await t.enter(after(std::chrono::microseconds(50)));
          if (in) ++got;
        });
        if (i % 2 == 0) f.stop();
        ending_of(f);
        ++ended;
      } else {
        if (t.blocking_enter(after(std::chrono::microseconds(i % 60)))) ++got;
        ++ended;
      }
    }
  });
  EXPECT_EQ(ended, 2 * each);
  EXPECT_EQ(got + t.permits(), given);
}
