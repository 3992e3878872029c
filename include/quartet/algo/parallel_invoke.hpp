// SPDX-License-Identifier: Apache-2.0
// `parallel_invoke`: plain functions that may run at the same time, joined before it returns.
#pragma once

#include <tuple>

#include <quartet/core/detail/branch.hpp>
#include <quartet/core/detail/plain_fork.hpp>

namespace quartet {

namespace detail {

template <class... F> class invoked final : plain_fork {
 public:
  invoked(execution& e, F&... f) noexcept : plain_fork(e, sizeof...(F)), branches_(f...) {}
  /// Runs the branches from number I on as the forking line, and waits for the others.
  template <unsigned I = 0> void run() noexcept {
    auto& b = branches_.template get<I>();
    if constexpr (I + 1 == sizeof...(F)) {
      b.begin();
      main_comes_in();
    } else {
      bool const offered = offer(thread_, I + 1);
      b.begin();
      if (offered && !thread_.take_back(*this)) [[unlikely]]
        return come_in();
      if constexpr (I + 2 < sizeof...(F))
        if (offered && next_ != I + 1) [[unlikely]]
          return run_later_rest();
      if (b.ended.error) [[unlikely]]
        return main_comes_in();  // the rest is ours, and will not be run
      run<I + 1>();
    }
  }
  auto take() { return branches_.take(); }

 private:
  void run_branch(unsigned i) noexcept override {
    branches_.visit(i, [](auto& b) { b.begin(); });
  }
  branches<F...> branches_;
};

template <class F> stored<std::invoke_result_t<F&>> call_stored(F& f) {
  if constexpr (std::is_void_v<std::invoke_result_t<F&>>)
    return f(), unit();
  else
    return f();
}

template <class F> consteval void check_plain() {
  static_assert(std::invocable<std::remove_reference_t<F>&>,
                "quartet: the functions are called without arguments; capture them: "
                "[n] { return f(n); }");
  static_assert(!is_task<std::invoke_result_t<std::remove_reference_t<F>&>>,
                "quartet: parallel_invoke takes plain functions; coroutines run in "
                "co_await fork_join(...)");
}

}  // namespace detail

/// Calls the plain functions `f...`, without arguments, perhaps at the same time; gives a tuple of
/// their results, `unit` for `void`. In a coroutine use `fork_join`.
/// `auto [a, b] = parallel_invoke([n] { return fib(n - 1); }, [n] { return fib(n - 2); });`
///
/// Inside a call on a thread_pool other workers may take those that have not begun; elsewhere they
/// run one after the other, in the order written, in which they also begin on a pool.
/// Blocks: until every function has returned. What other workers run of it is waited for by running
/// parts of that, never foreign work, and else by giving the worker's slot away.
/// Stop: not looked at; functions ask `stop_requested()`. Errors: the failure of the first
/// function, in the order written, that has one; those not yet begun after a failure may be left
/// out. Cost: no allocation; while nobody is idle no atomic read-modify-write.
template <class... F> auto parallel_invoke(F&&... f) {
  static_assert(sizeof...(F) > 0, "quartet: parallel_invoke takes at least one function");
  (detail::check_plain<F>(), ...);
  if (execution* const e = current_execution(); e != nullptr && e->has_place()) [[likely]] {
    detail::invoked<std::remove_reference_t<F>...> all(*e, f...);
    all.run();
    return all.take();
  }
  return std::tuple<stored<std::invoke_result_t<F&>>...>{detail::call_stored(f)...};
}

}  // namespace quartet
