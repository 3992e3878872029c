// SPDX-License-Identifier: Apache-2.0
// Waiters: a coroutine, a gated coroutine, a thread; each resumed once.
#include <cstdlib>
#include <new>
#include <string>

#include <quartet/base/errors.hpp>
#include <quartet/core/waiter.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/mutex.hpp>

#include "core/hammer.hpp"
#include "core/without_timers.hpp"
#include "support/recording_machine.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

// Suspends, and tells `armed` when there is somebody to resume.
struct parked : detail::native_awaiter {
  explicit parked(std::atomic<waiter*>& out) noexcept : armed(out) {}
  bool await_ready() const noexcept { return false; }
  template <class P> void await_suspend(std::coroutine_handle<P> h) noexcept {
    waiting.suspend(detail::leave(h), h);
    armed.store(&waiting);
  }
  void await_resume() const noexcept {}
  std::atomic<waiter*>& armed;
  task_waiter waiting;
};
// Awaiters that cannot be copied are made by operator co_await.
struct park_request {
  std::atomic<waiter*>& armed;
  parked operator co_await() const noexcept { return parked(armed); }
};
task<> park(std::atomic<waiter*>* w) {
  park_request const request{*w};
  co_await request;
}

// Registers, has `between` happen, and arms.
template <class F> struct gated : detail::native_awaiter {
  explicit gated(F& f) noexcept : between(f) {}
  bool await_ready() const noexcept { return false; }
  template <class P> bool await_suspend(std::coroutine_handle<P> h) noexcept {
    waiting.suspend(detail::leave(h), h);
    between(waiting);
    return waiting.arm();
  }
  void await_resume() const noexcept {}
  F& between;
  gated_waiter waiting;
};
template <class F> struct gated_request {
  F& between;
  gated<F> operator co_await() const noexcept { return gated<F>(between); }
};
template <class F> gated_request<F> with_gate(F& between) noexcept { return {between}; }

/// A driven executor that runs calls at once and shows what was counted in.
class counting_executor final : public executor_base {
 public:
  void start(call& c) noexcept override { c.run(c, 0, c.count); }
  timer_service& timers() noexcept override { std::abort(); }
  bool driven() const noexcept override { return true; }
  void drive(seam::atomic<bool> const& done, time_point) override {
    EXPECT_TRUE(done.load(seam::acquire));
  }
  void count_in() noexcept override { ++counted; }
  void count_out() noexcept override { --counted; }
  int counted = 0;
};

}  // namespace

TEST(waiter, a_task_is_resumed_by_its_executor_and_not_by_who_resumes) {
  manual_executor e;
  std::atomic<waiter*> w{nullptr};
  auto f = e.submit(park, &w);
  e.run_until_idle();
  std::thread([&] { w.load()->resume(); }).join();
  EXPECT_FALSE(f.done()) << "resume only says that it is ready";
  EXPECT_EQ(e.run_until_idle(), 1u);
  EXPECT_TRUE(f.done());
}

TEST(waiter, tasks_and_resuming_threads_meet_a_thousand_times) {
  thread_pool pool({.workers = 2});
  for (int i = 0; i < 1000; ++i) {
    std::atomic<waiter*> w{nullptr};
    auto f = pool.submit(park, &w);
    while (w.load() == nullptr) std::this_thread::yield();
    w.load()->resume();
    f.blocking_get();
  }
}

TEST(waiter, a_gated_one_resumed_before_it_is_armed_does_not_suspend) {
  manual_executor e;
  auto now = [](waiter& w) { w.resume(); };
  auto f = e.submit([&]() -> task<> { co_await with_gate(now); });
  EXPECT_EQ(e.run_until_idle(), 1u) << "one turn: it never left";
  EXPECT_TRUE(f.done());
}

TEST(waiter, a_gated_one_resumed_after_it_is_armed_is_posted) {
  manual_executor e;
  waiter* mine = nullptr;
  auto keep = [&mine](waiter& w) { mine = &w; };
  auto f = e.submit([&]() -> task<> { co_await with_gate(keep); });
  e.run_until_idle();
  EXPECT_FALSE(f.done());
  mine->resume();
  EXPECT_EQ(e.run_until_idle(), 1u);
  EXPECT_TRUE(f.done());
}

TEST(waiter, a_gated_one_resumed_while_it_arms_goes_on_once) {
  thread_pool pool({.workers = 2});
  std::atomic<waiter*> box{nullptr};
  std::atomic<bool> end{false};
  std::thread other([&] {
    while (!end.load())
      if (waiter* const w = box.exchange(nullptr)) w->resume();
  });
  int went_on = 0;
  auto give = [&box](waiter& w) { box.store(&w); };
  auto f = pool.submit([&]() -> task<> {
    for (int i = 0; i < 5000; ++i) {
      co_await with_gate(give);
      ++went_on;
    }
  });
  f.blocking_get();
  end = true;
  other.join();
  EXPECT_EQ(went_on, 5000);
}

TEST(waiter, a_thread_resumed_before_it_waits_does_not_block) {
  blocking_waiter w;
  w.resume();
  EXPECT_TRUE(w.wait());
  EXPECT_TRUE(w.wait(clock::now() - 1h)) << "a resumption counts more than a deadline";
}

TEST(waiter, resuming_costs_a_system_call_only_where_somebody_has_gone_to_sleep) {
  test::recording_machine machine;
  seam::machine_scope on(machine);
  blocking_waiter early;
  early.resume();
  EXPECT_TRUE(early.wait());
  EXPECT_EQ(machine.count(seam::kind::futex_wake) + machine.count(seam::kind::futex_wait), 0u);
  blocking_waiter late;
  EXPECT_FALSE(late.wait(clock::now()));
  late.resume();
  EXPECT_TRUE(late.wait());
  EXPECT_EQ(machine.count(seam::kind::futex_wake), 1u) << "it may have been asleep still";
}

TEST(waiter, a_thread_that_nobody_resumes_waits_until_its_deadline) {
  blocking_waiter w;
  auto const until = after(2ms);
  EXPECT_FALSE(w.wait(until));
  EXPECT_GE(clock::now(), until);
}

TEST(waiter, a_thread_is_resumed_from_another_and_may_go_at_once) {
  for (int i = 0; i < 2000; ++i) {
    std::atomic<waiter*> shared{nullptr};
    std::thread other([&] {
      waiter* w = nullptr;
      while ((w = shared.load()) == nullptr) std::this_thread::yield();
      w->resume();
    });
    {
      blocking_waiter w;
      shared = &w;
      EXPECT_TRUE(w.wait());
    }
    other.join();
  }
}

TEST(waiter, a_thread_that_waits_for_a_driven_executor_drives_it) {
  manual_executor e;
  blocking_waiter w(&e);
  auto f = e.submit([&w] { w.resume(); });
  EXPECT_TRUE(w.wait());
  EXPECT_TRUE(f.done());
  blocking_waiter late(&e);
  EXPECT_FALSE(late.wait(e.now() + 1h)) << "virtual time passes to the deadline";
}

TEST(waiter, a_thread_counts_as_work_of_that_executor_from_its_wake_until_it_leaves) {
  counting_executor e;
  {
    blocking_waiter w(&e);
    EXPECT_EQ(e.counted, 0);
    w.resume();
    EXPECT_EQ(e.counted, 1) << "the executor could be gone before the thread drives it";
    EXPECT_TRUE(w.wait());
    EXPECT_EQ(e.counted, 1);
  }
  EXPECT_EQ(e.counted, 0);
  { blocking_waiter const never_resumed(&e); }
  EXPECT_EQ(e.counted, 0);
}

TEST(waiter, inside_a_task_of_that_executor_waiting_is_refused) {
  event_loop loop;
  loop.run([&loop] {
    blocking_waiter w(&loop);
    EXPECT_THROW(w.wait(), would_deadlock);
  });
}

TEST(waiter, wait_to_end_is_not_refused_there) {
  manual_executor e;
  bool ended = false;
  auto f = e.submit([&] {
    blocking_waiter w(&e);
    auto other = e.submit([&w] { w.resume(); });
    w.wait_to_end();
    ended = true;
    other.stop();
  });
  f.blocking_get();
  EXPECT_TRUE(ended);
}

#if QUARTET_SIM
namespace {
/// Counts the tasks that it believes to be on no thread.
struct told_of_tasks : seam::machine {
  void task(seam::task_note const& n) noexcept override {
    left += n.what == seam::kind::suspend ? 1 : 0;
    back += n.what == seam::kind::resume ? 1 : 0;
    owned += n.what == seam::kind::own ? 1 : 0;
  }
  int left = 0, back = 0, owned = 0;
};

task<int> refused_waits(executor_base* without, mutex* taken) {
  co_await hop(*without);
  int refused = 0;
  try {
    co_await sleep_for(1h);
  } catch (std::bad_alloc const&) {
    ++refused;
  }
  try {
    co_await taken->lock_for(1h);
  } catch (std::bad_alloc const&) {
    ++refused;
  }
  co_return refused;
}
}  // namespace

TEST(waiter, a_wait_that_cannot_be_armed_has_not_left_its_thread) {
  told_of_tasks listens;
  seam::machine_scope const here(listens);
  manual_executor e;
  test::without_timers full(e);
  mutex taken;
  taken.blocking_lock();
  EXPECT_EQ(e.submit(refused_waits, &full, &taken).blocking_get(), 2);
  taken.unlock();
  EXPECT_EQ(listens.left, 2);
  EXPECT_EQ(listens.back, 2);
  EXPECT_EQ(listens.owned, 1);
}
#endif
