// SPDX-License-Identifier: Apache-2.0
// The root coroutine of a task: holds its context, ends by itself.
#pragma once

#include <quartet/core/task.hpp>

namespace quartet::detail {

/// A coroutine without anybody who awaits it: whoever makes it starts it, and its body tells its
/// end by itself. Its first parameter names the `root_place` of the task.
struct root_place {
  executor_base& executor;
  stop_state* scope;  // outlives the task
  char const* name;
  place where;
  priority level;
};

struct root {
  struct promise_type : awaiting_promise {
    template <class... A> explicit promise_type(root_place const& p, A&...) noexcept
        : task_of(p.executor, p.scope, p.name, p.where) {
      task_of.level = p.level;
      context = &task_of;
    }
    root get_return_object() noexcept {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }  // bodies catch all

    task_context task_of;
  };

  /// Runs it on the calling thread until it first suspends.
  void enter() noexcept { handle.promise().task_of.enter(handle); }
  /// Has its executor run it.
  void post() noexcept { handle.promise().task_of.post(handle, call::turn::fresh); }

  std::coroutine_handle<promise_type> handle;
};

/// How work ended that threw what is in flight now. Call inside a handler.
template <class T> outcome<T> outcome_of_throw(stop_state const* scope) noexcept {
  try {
    throw;
  } catch (stopped const&) {
    if (scope != nullptr && scope->reason() == stop_reason::deadline)
      return outcome<T>::of_timeout();
    return outcome<T>::of_stop();
  } catch (...) {
    return outcome<T>::of_error(std::current_exception());
  }
}

/// How work ends that a stop kept from running.
template <class T> outcome<T> outcome_of_stop(stop_state const& scope) noexcept {
  return scope.reason() == stop_reason::deadline ? outcome<T>::of_timeout() : outcome<T>::of_stop();
}

/// Calls a plain function and keeps how it ended.
template <class T, class F> outcome<T> outcome_of_call(stop_state const* scope, F&& f) noexcept {
  try {
    if constexpr (std::is_void_v<T>) {
      std::forward<F>(f)();
      return outcome<T>::of_value();
    } else {
      return outcome<T>::of_value(std::forward<F>(f)());
    }
  } catch (...) {
    return outcome_of_throw<T>(scope);
  }
}

}  // namespace quartet::detail
