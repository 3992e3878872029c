// SPDX-License-Identifier: Apache-2.0
// Cancel scopes around a piece of a task: deadlines, shields, and a handle to move or stop them.
#pragma once

#include <quartet/base/invoke.hpp>
#include <quartet/core/callable.hpp>
#include <quartet/core/detail/deadline_scope.hpp>

namespace quartet {

/// A scope of the running task: stops what runs inside it, by hand or at a deadline.
/// Threads: `stop` from any task that is inside; `set_deadline` from the task that opened it.
/// Stop: below the surrounding scope, unless shielded. Errors: none.
/// Lifetime: lives in the frame of `with_scope`, `with_deadline`, `with_shield`.
class scope {
 public:
  scope(scope const&) = delete;
  scope& operator=(scope const&) = delete;

  void stop() noexcept { state_->request(); }
  /// Moves the deadline, sooner or later; `never` takes it away.
  void set_deadline(time_point t) { state_->set_deadline(t); }
  /// True once the deadline has stopped the scope.
  bool timed_out() const noexcept { return state_->reason() == stop_reason::deadline; }

 private:
  template <class F, class... A>
  friend task<call_result<F, A...>> with_deadline(time_point, F, A...);
  template <class F, class... A> friend task<call_result<F, A...>> with_shield(F, A...);
  template <class F, class... A> friend auto with_scope(F f, A... args)
      -> task<typename detail::unwrapped<std::invoke_result_t<F, scope&, A...>>::type>;

  enum class shield : bool { off, on };
  scope(time_point deadline, shield s);
  ~scope();

  task_context& task_;
  stop_state* const outer_;
  detail::deadline_scope* const state_;
};

/// Runs `f(args...)` with a deadline. Errors: `timed_out` if the deadline stopped it.
template <class F, class... A>
task<call_result<F, A...>> with_deadline(time_point t, F f, A... args) {
  scope s(t, scope::shield::off);
  try {
    if constexpr (is_coroutine_call<F, A...>)
      co_return co_await detail::invoke(std::move(f), std::move(args)...);
    else
      co_return detail::invoke(std::move(f), std::move(args)...);
  } catch (stopped const&) {
    if (s.timed_out()) throw timed_out();
    throw;
  }
}

/// Runs `f(args...)` for at most `d`. Errors: `timed_out` if the time was not enough.
template <class F, class... A> auto with_timeout(duration d, F f, A... args) {
  return with_deadline(after(d), std::move(f), std::move(args)...);
}

/// Runs `f(args...)` so that no stop from outside reaches it: for clean-up that must finish.
template <class F, class... A> task<call_result<F, A...>> with_shield(F f, A... args) {
  scope s(never, scope::shield::on);
  if constexpr (is_coroutine_call<F, A...>)
    co_return co_await detail::invoke(std::move(f), std::move(args)...);
  else
    co_return detail::invoke(std::move(f), std::move(args)...);
}

/// Runs `f(scope&, args...)` in a scope that `f` may stop or give a deadline.
/// Errors: `stopped` if the scope was stopped while `f` waited, `timed_out` at its deadline.
template <class F, class... A> auto with_scope(F f, A... args)
    -> task<typename detail::unwrapped<std::invoke_result_t<F, scope&, A...>>::type> {
  scope s(never, scope::shield::off);
  try {
    if constexpr (is_task<std::invoke_result_t<F, scope&, A...>>)
      co_return co_await detail::invoke(std::move(f), s, std::move(args)...);
    else
      co_return detail::invoke(std::move(f), s, std::move(args)...);
  } catch (stopped const&) {
    if (s.timed_out()) throw timed_out();
    throw;
  }
}

}  // namespace quartet
