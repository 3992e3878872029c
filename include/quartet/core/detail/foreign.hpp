// SPDX-License-Identifier: Apache-2.0
// Lets a task await types that know nothing of quartet, and resume on its own executor.
#pragma once

#include <concepts>
#include <utility>

#include <quartet/core/detail/promise.hpp>

namespace quartet::detail {

/// A coroutine that stands in for the task towards a foreign awaiter: resumed, from whichever
/// thread, it posts the task to its executor and is gone.
struct stand_in {
  struct promise_type {
    stand_in get_return_object() noexcept {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {}
  };
  static stand_in make(task_context& t, std::coroutine_handle<> h) {
    t.post(h);
    co_return;
  }
  std::coroutine_handle<promise_type> handle;
};

/// The awaiter of `a`; `a` itself, as an lvalue, if it is one. (An awaiter that cannot be copied is
/// made by operator co_await, so that no temporary of it stands in a co_await expression, which
/// GCC 12 would destroy twice.)
template <class A> decltype(auto) get_awaiter(A&& a) {
  if constexpr (requires { std::forward<A>(a).operator co_await(); })
    return std::forward<A>(a).operator co_await();
  else if constexpr (requires { operator co_await(std::forward<A>(a)); })
    return operator co_await(std::forward<A>(a));
  else
    return static_cast<std::remove_reference_t<A>&>(a);
}

template <class A>
concept awaiter_like = requires(std::remove_reference_t<A>& a, std::coroutine_handle<> h) {
  a.await_ready() ? 0 : 0;
  a.await_suspend(h);
  a.await_resume();
};
template <class A>
concept native = std::derived_from<std::remove_cvref_t<decltype(get_awaiter(std::declval<A>()))>,
                                   native_awaiter>;
template <class A>
concept awaitable = native<A> || awaiter_like<decltype(get_awaiter(std::declval<A>()))>;

/// Wraps a foreign awaiter. `A` is what get_awaiter gave: a value, or a reference to one.
template <class A> struct foreign_awaiter : native_awaiter {
  A inner;

  bool await_ready() { return inner.await_ready(); }
  template <class P> QUARTET_ON_THE_STACK bool await_suspend(std::coroutine_handle<P> h) {
    task_context& t = leave(h);
    auto const proxy = stand_in::make(t, h).handle;
    std::coroutine_handle<> next = std::noop_coroutine();  // null: not suspended after all
    try {
      using result = decltype(inner.await_suspend(std::coroutine_handle<>(proxy)));
      if constexpr (std::same_as<result, bool>) {
        if (!inner.await_suspend(proxy)) next = nullptr;
      } else if constexpr (std::is_void_v<result>) {
        inner.await_suspend(proxy);
      } else {
        next = inner.await_suspend(proxy);
      }
    } catch (...) {  // it is not suspended either
      proxy.destroy();
      throw;
    }
    if (next == nullptr) {
      proxy.destroy();
      return false;
    }
    next.resume();
    return true;
  }
  decltype(auto) await_resume() { return inner.await_resume(); }
};

}  // namespace quartet::detail
