// SPDX-License-Identifier: Apache-2.0
// Letting others run, sleeping, and changing the executor.
#pragma once

#include <quartet/core/detail/promise.hpp>
#include <quartet/core/stop.hpp>
#include <quartet/core/waiter.hpp>

namespace quartet {

namespace detail {

struct yield_awaiter : native_awaiter {
  bool await_ready() const noexcept { return false; }
  template <class P> void await_suspend(std::coroutine_handle<P> h) noexcept {
    task = &leave(h);
    task->post(h, call::turn::yielded);
  }
  void await_resume() const {
    if (task->stop_requested()) throw stopped();
  }
  task_context* task = nullptr;
};

struct hop_awaiter : native_awaiter {
  explicit hop_awaiter(executor_base& e) noexcept : to(e) {}
  bool await_ready() const noexcept { return false; }
  template <class P> void await_suspend(std::coroutine_handle<P> h) noexcept {
    task = &leave(h);
    task->executor = &to;
    task->post(h);
  }
  void await_resume() const {
    if (task->stop_requested()) throw stopped();
  }
  executor_base& to;
  task_context* task = nullptr;
};

/// Sleeps until a time or a stop: the timer and the stop hook race for `taken_`.
class sleep_awaiter : public native_awaiter, timer, stop_hook {
 public:
  explicit sleep_awaiter(time_point t) noexcept : timer(&on_time), stop_hook(&on_stop) { when = t; }
  bool await_ready() const noexcept { return false; }
  template <class P> bool await_suspend(std::coroutine_handle<P> h) { return suspend(leave(h), h); }
  void await_resume();

 private:
  static void on_time(timer&) noexcept;
  static void on_stop(stop_hook&, stop_round&) noexcept;
  bool suspend(task_context& t, std::coroutine_handle<> h);
  bool take() noexcept { return !taken_.exchange(true, seam::acq_rel); }

  gated_waiter waiter_;
  watched<timer_service*> timers_ = nullptr;  // null: no timer was armed
  seam::atomic<bool> taken_{false};           // whoever sets it resumes the waiter
  watched<bool> stopped_ = false;
};

struct sleep_request {
  time_point until;
  sleep_awaiter operator co_await() const noexcept { return sleep_awaiter(until); }
};

}  // namespace detail

/// Lets every other ready task run first. Blocks: suspends. Stop: a checkpoint.
[[nodiscard("co_await it")]] inline detail::yield_awaiter yield() noexcept { return {}; }

/// Goes on running on `other`, which must outlive the task or be left again. Stop: a checkpoint.
[[nodiscard("co_await it")]] inline detail::hop_awaiter hop(executor_base& other) noexcept {
  return detail::hop_awaiter(other);
}

/// Sleeps until `t`. Blocks: suspends. Stop: ends early with `stopped`.
[[nodiscard("co_await it")]] inline detail::sleep_request sleep_until(time_point t) noexcept {
  return {t};
}

/// Sleeps for `d`. Blocks: suspends. Stop: ends early with `stopped`.
[[nodiscard("co_await it")]] inline detail::sleep_request sleep_for(duration d) noexcept {
  return {after(d)};
}

/// The same for plain functions. Blocks: the thread. Stop: ends early with `stopped`.
void blocking_sleep_for(duration d);

}  // namespace quartet
