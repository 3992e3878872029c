// SPDX-License-Identifier: Apache-2.0
// The coroutine type: lazy, immovable, awaited in the expression that made it.
#pragma once

#include <optional>
#include <utility>

#include <quartet/core/detail/foreign.hpp>
#include <quartet/core/detail/refused.hpp>

namespace quartet {

template <class T = void> class task;

namespace detail {

/// Where a task leaves its result: with whoever awaits it, for its own frame goes when it ends.
template <class T> struct task_result {
  T take() {
    if (error) [[unlikely]]
      std::rethrow_exception(std::move(error));
    if constexpr (!std::is_void_v<T>) return std::move(*value);
  }
  std::optional<stored<std::remove_reference_t<T>>> value;  // of references `task` complains
  std::exception_ptr error;
};

template <class T> struct task_awaiter;

/// A function, or a lambda, with the brackets forgotten.
template <class F> inline constexpr bool is_uncalled =
    std::is_function_v<F> || std::is_function_v<std::remove_pointer_t<F>> || requires {
  &F::operator();
};
template <class T> inline constexpr bool may_be_kept = false;

/// What a coroutine body may await.
struct awaiting_promise : promise_base {
  /// By value: only the expression that makes a task can initialise the parameter.
  template <class T> task_awaiter<T> await_transform(task<T> t);

  template <class A>
  requires native<A>
  decltype(auto) await_transform(A&& a) { return get_awaiter(std::forward<A>(a)); }
  template <class A>
  requires(!native<A>) auto await_transform(A&& a) {
    if constexpr (awaitable<A>) {
      return foreign_awaiter<decltype(get_awaiter(std::forward<A>(a)))>{
          {}, get_awaiter(std::forward<A>(a))};
    } else {
      constexpr bool uncalled = is_uncalled<std::remove_cvref_t<A>>;
      static_assert(!uncalled,
                    "quartet: this cannot be awaited: it is a function. Instead: call it: "
                    "co_await f(args...)");
      static_assert(uncalled,
                    "quartet: this cannot be awaited: it is no task, future, batch or awaitable "
                    "object. Instead: a plain function is called without co_await; one that "
                    "blocks, as std::future::get does, with co_await pool.submit(f, args...)");
      return refused{};
    }
  }
};

template <class T> struct task_promise_base : awaiting_promise {
  std::suspend_always initial_suspend() noexcept { return {}; }
  std::suspend_never final_suspend() noexcept {
    this->return_to_parent();
    return {};
  }
  void unhandled_exception() noexcept { to->error = std::current_exception(); }
  task<T> get_return_object() noexcept;

  task_result<T>* to;  // set before the body runs
};

template <class T> struct task_promise : task_promise_base<T> {
  template <class U = T>
  requires std::convertible_to<U, T> || std::same_as<U, refused>
  void return_value(U&& v) { this->to->value.emplace(std::forward<U>(v)); }
};

template <> struct task_promise<void> : task_promise_base<void> {
  void return_void() noexcept {}
};

}  // namespace detail

/// Work that a coroutine function describes. It does nothing until it is awaited, in the same
/// expression that called the function, so its arguments cannot dangle; what shall outlive the
/// expression is started with `group::spawn(f, args...)` or `submit(f, args...)`.
///
/// Threads: runs wherever its root task runs. Stop: every wait in it is a checkpoint; code that
/// computes asks `stop_requested()`.
/// Errors: what the body throws is thrown to whoever awaits. Lifetime: frame and arguments live
/// until the body has ended.
/// Cost: one frame from the worker's cache; no atomic operation; constant stack however many
/// ready tasks are awaited in a loop, on every compiler and level of optimisation.
template <class T> class [[nodiscard(
    "a task does nothing until it is awaited: co_await it here, or start it with "
    "group::spawn(f, args...)")]] task {
 public:
  using promise_type = detail::task_promise<T>;
  using value_type = T;

  /// Immovable: whoever asks for a copy, or for the move of one that has a name, is told so. Not
  /// deleted, because then containers would answer, at length.
  task(task const&) {
    static_assert(detail::may_be_kept<T>,
                  "quartet: a task cannot be kept, copied or moved: it may refer to what has gone "
                  "by then. Instead: co_await f(args...) in one expression; or keep the future of "
                  "submit(f, args...); or g.spawn(f, args...) in a group");
  }
  task& operator=(task const& other) {
    static_cast<void>(task(other));
    return *this;
  }
  ~task() {
    if (handle_) handle_.destroy();
  }

 private:
  template <class> friend struct detail::task_promise_base;
  friend struct detail::awaiting_promise;
  template <class> friend struct detail::task_awaiter;
  explicit task(std::coroutine_handle<promise_type> h) noexcept : handle_(h) {}
  std::coroutine_handle<promise_type> handle_;  // null once awaited

  // Last, because Clang does not see what comes after it.
  static_assert(!std::is_reference_v<T>, "quartet: a task gives a value; return a pointer");
};

namespace detail {

template <class T> struct task_awaiter : native_awaiter {
  explicit task_awaiter(task<T>& t) noexcept : handle(std::exchange(t.handle_, {})) {}
  explicit task_awaiter(std::coroutine_handle<task_promise<T>> h) noexcept : handle(h) {}
  task_awaiter(task_awaiter const&) = delete;
  ~task_awaiter() {
    if (handle) handle.destroy();
  }
  bool await_ready() const noexcept { return false; }
  template <class P> bool await_suspend(std::coroutine_handle<P> h) noexcept {
    auto const child = release();
    child.promise().to = &result;
    return child.promise().run_nested(h.promise(), continuation(h), child);
  }
  T await_resume() { return result.take(); }
  std::coroutine_handle<task_promise<T>> release() noexcept { return std::exchange(handle, {}); }

  std::coroutine_handle<task_promise<T>> handle;  // null once it runs
  task_result<T> result;
};

template <class T> task_awaiter<T> awaiting_promise::await_transform(task<T> t) {
  return task_awaiter<T>(t);
}

template <class T> task<T> task_promise_base<T>::get_return_object() noexcept {
  auto& self = static_cast<task_promise<T>&>(*this);
  return task<T>(std::coroutine_handle<task_promise<T>>::from_promise(self));
}

}  // namespace detail

template <class T> inline constexpr bool is_task = false;
template <class T> inline constexpr bool is_task<task<T>> = true;

}  // namespace quartet
