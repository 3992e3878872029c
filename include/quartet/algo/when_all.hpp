// SPDX-License-Identifier: Apache-2.0
// `when_all`: several tasks at once, all results together.
#pragma once

#include <tuple>

#include <quartet/core/group.hpp>

namespace quartet {

namespace detail {

/// The handle of a task, taken out of it so that it can move.
template <class T> class owned_task {
 public:
  explicit owned_task(task<T>& t) noexcept : handle_(task_awaiter<T>(t).release()) {}
  owned_task(owned_task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  ~owned_task() {
    if (handle_) handle_.destroy();
  }
  task_awaiter<T> operator co_await() noexcept {
    return task_awaiter<T>(std::exchange(handle_, {}));
  }

 private:
  std::coroutine_handle<task_promise<T>> handle_;
};

template <class T> task<> run_into(std::optional<stored<T>>* to, owned_task<T> t) {
  if constexpr (std::is_void_v<T>) {
    co_await t;
    to->emplace();
  } else {
    to->emplace(co_await t);
  }
}

template <class... T> task<std::tuple<stored<T>...>> run_all(owned_task<T>... tasks) {
  std::tuple<std::optional<stored<T>>...> slots;
  auto const body = [&](group& g) {
    std::apply([&](auto&... slot) { (g.spawn(run_into<T>, &slot, std::move(tasks)), ...); }, slots);
  };
  co_await with_group(body);
  bool const all = std::apply([](auto&... slot) { return (slot.has_value() && ...); }, slots);
  if (!all) throw stopped();  // one of them ended so by itself: that is no failure to the group
  co_return std::apply([](auto&... slot) { return std::tuple<stored<T>...>(std::move(*slot)...); },
                       slots);
}

}  // namespace detail

/// Runs the tasks at the same time; gives a tuple of their results, `unit` for `void`.
/// `auto [a, b] = co_await when_all(fetch(x), fetch(y));`
/// Stop: all of them stop with the awaiting task. Errors: the first failure stops the others and
/// is thrown; `stopped` if there is none and a task ended so by itself, as when it awaited a call
/// that was stopped. Blocks: suspends.
template <class... T> auto when_all(task<T>... tasks) {
  return detail::run_all<T...>(detail::owned_task<T>(tasks)...);
}

}  // namespace quartet
