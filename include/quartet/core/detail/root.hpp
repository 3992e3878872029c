// SPDX-License-Identifier: Apache-2.0
// The root coroutine of a task: holds its context, ends by itself.
#pragma once

#include <quartet/core/task.hpp>

namespace quartet::detail {

/// A coroutine without anybody who awaits it: whoever makes it starts it, and its body tells its
/// end by itself. Its first parameter names the `root_place` of the task.
struct root {
  struct promise_type : awaiting_promise {
    template <class... A> explicit promise_type(root_place const& p, A&...) noexcept : task_of(p) {
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
  void enter(char const* bottom = nullptr) noexcept {
    handle.promise().task_of.enter(handle, bottom);
  }
  /// Has its executor run it.
  void post(call::turn why = call::turn::fresh) noexcept {
    handle.promise().task_of.post(handle, why);
  }

  std::coroutine_handle<promise_type> handle;
};

/// How work ends that a stop of `scope` kept from running, or from ending by itself.
inline ending ending_of_stop(stop_reason why) noexcept {
  return why == stop_reason::deadline ? ending::timed_out : ending::stopped;
}
inline ending ending_of_stop(stop_state const& scope) noexcept {
  return ending_of_stop(scope.reason());
}

/// Work of `scope` ended with the exception in flight: `to` says so. Call inside a handler.
template <class T> void end_by_throw(outcome<T>& to, stop_state const* scope) noexcept {
  try {
    throw;
  } catch (stopped const&) {
    to.end_as(scope == nullptr ? ending::stopped : ending_of_stop(*scope));
  } catch (...) {
    to.end_as(ending::failed, std::current_exception());
  }
}

/// Calls a plain function as task `t`, whose scope it may change, and keeps in `to` how it ended.
template <class T, class F> void call_into(outcome<T>& to, task_context& t, F&& f) noexcept {
  try {
    if constexpr (std::is_void_v<T>) {
      std::forward<F>(f)();
      to.emplace();
    } else {
      to.emplace(std::forward<F>(f)());
    }
  } catch (...) {
    end_by_throw(to, t.scope);
  }
}

}  // namespace quartet::detail
