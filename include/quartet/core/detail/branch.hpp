// SPDX-License-Identifier: Apache-2.0
// A branch of a fork: what is called, and what came of it.
#pragma once

#include <quartet/core/callable.hpp>

namespace quartet::detail {

/// `F` is called once, without arguments.
/// Threads: begun by one, read when all lines have come in. Stop: not concerned.
/// Errors: kept. Lifetime: refers to the callable.
template <class F> struct branch {
  using raw = std::invoke_result_t<F&>;
  using result = typename unwrapped<raw>::type;
  static constexpr bool is_coroutine = is_task<raw>;
  using handle_type = std::conditional_t<is_coroutine, std::coroutine_handle<task_promise<result>>,
                                         std::coroutine_handle<>>;

  explicit branch(F& g) noexcept : f(g) {}
  branch(branch const&) = delete;
  branch& operator=(branch const&) = delete;

  /// A plain function runs, and gives null; of a coroutine the frame is made.
  handle_type begin() noexcept {
    try {
      if constexpr (is_coroutine) {
        task<result> t = f();
        handle_type const h = task_awaiter<result>(t).release();
        h.promise().to = &ended;
        return h;
      } else if constexpr (std::is_void_v<result>) {
        f();
        ended.value.emplace();
      } else {
        ended.value.emplace(f());
      }
    } catch (...) {
      ended.error = std::current_exception();
    }
    return {};
  }

  F& f;
  task_result<result> ended;
};

/// All branches of one fork.
template <class... F> class branches {
 public:
  static constexpr unsigned count = sizeof...(F);
  template <unsigned I> using at = std::tuple_element_t<I, std::tuple<branch<F>...>>;
  using results = std::tuple<stored<typename branch<F>::result>...>;

  explicit branches(F&... f) noexcept : all_(f...) {}

  template <unsigned I> at<I>& get() noexcept { return std::get<I>(all_); }
  /// Calls `g` with branch `i`.
  template <class G> void visit(unsigned i, G&& g) noexcept {
    std::apply(
        [&](auto&... b) {
          unsigned k = 0;
          ((k++ == i ? g(b) : void()), ...);
        },
        all_);
  }
  /// The results. Errors: the failure of the first branch, in the order written, that has one.
  results take() {
    return std::apply(
        [](auto&... b) {
          (rethrow(b), ...);
          return results(std::move(*b.ended.value)...);
        },
        all_);
  }

 private:
  template <class B> static void rethrow(B& b) {
    if (b.ended.error) [[unlikely]]
      std::rethrow_exception(std::move(b.ended.error));
  }

  std::tuple<branch<F>...> all_;
};

}  // namespace quartet::detail
