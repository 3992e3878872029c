// SPDX-License-Identifier: Apache-2.0
// `fork_join`: branches of one task that may run at the same time, joined before it goes on.
#pragma once

#include <tuple>

#include <quartet/core/detail/branch.hpp>
#include <quartet/core/detail/fork_frame.hpp>

namespace quartet {

namespace detail {

template <class... F> class fork_awaiter final : public native_awaiter, fork_frame {
 public:
  explicit fork_awaiter(F&... f) : fork_frame(sizeof...(F)), branches_(f...) {}

  bool await_ready() const noexcept { return false; }
  template <class P> bool await_suspend(std::coroutine_handle<P> h) noexcept {
    return fork(h.promise(), h);
  }
  typename branches<F...>::results await_resume() { return branches_.take(); }

 private:
  static constexpr unsigned count = sizeof...(F);

  QUARTET_ON_THE_STACK
  bool fork(promise_base& p, std::coroutine_handle<> h) noexcept {
    fork_here(p, h);
    return run_from<0>();
  }

  /// Runs the branches from number I on as the forking line. True: stay suspended.
  template <unsigned I> [[gnu::always_inline]] bool run_from() noexcept {
    auto& b = branches_.template get<I>();
    constexpr bool last = I + 1 == count;
    task_context::base& from = here();
    bool const offered = !last && offer(*from.on, I + 1);
    auto const h = b.begin();
    if constexpr (branches<F...>::template at<I>::is_coroutine) {
      if (h) [[likely]]
        if (h.promise().run_nested(*parent_, continuation(*this, last), h)) [[unlikely]]
          return last || line_left(offered, from);
    }
    if constexpr (last) {
      return main_comes_in();
    } else {
      if (offered && !from.on->take_back(*this)) [[unlikely]]
        return come_in();
      if constexpr (I + 2 < count)
        if (offered && next_ != I + 1) [[unlikely]]
          return run_later_rest();
      if (b.ended.error) [[unlikely]]
        return main_comes_in();  // the rest is ours, and will not be run
      return run_from<I + 1>();
    }
  }

  begun begin_branch(unsigned i) noexcept override {
    begun made;
    branches_.visit(i, [&](auto& b) {
      auto const h = b.begin();
      if constexpr (std::remove_reference_t<decltype(b)>::is_coroutine)
        if (h) made = {&h.promise(), h};
    });
    return made;
  }
  void fail_branches(unsigned first, unsigned last) noexcept override {
    for (unsigned i = first; i != last; ++i)
      branches_.visit(i,
                      [](auto& b) { b.ended.error = std::make_exception_ptr(std::bad_alloc()); });
  }

  branches<F...> branches_;
};

/// What `fork_join` gives: callables given as rvalues are kept in it, others referred to.
template <class... F> class [[nodiscard("co_await it: until then no branch runs")]] fork_request {
 public:
  explicit fork_request(F && ... f) : f_(std::forward<F>(f)...) {}
  auto operator co_await()&& noexcept {
    return std::apply(
        [](auto&... f) { return fork_awaiter<std::remove_reference_t<decltype(f)>...>(f...); }, f_);
  }

 private:
  std::tuple<F...> f_;
};

template <class F> consteval void check_kept_branch() {
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
  static_assert(std::is_lvalue_reference_v<F> || std::is_trivially_destructible_v<F>,
                "quartet: GCC 12 destroys this branch twice; capture by reference, or keep it in "
                "a variable and pass that");
#endif
}
template <class F> consteval void check_branch() {
  static_assert(std::invocable<std::remove_reference_t<F>&>,
                "quartet: a branch is called without arguments; capture them: "
                "[n] { return f(n); }");
  check_kept_branch<F>();
}

}  // namespace detail

/// Runs the branches, plain functions or coroutine functions without arguments, perhaps at the same
/// time; gives a tuple of their results, `unit` for `void`. For work that divides itself: prefer it
/// to `when_all` where branches are many and small.
/// `auto [a, b] = co_await fork_join([n] { return fib(n - 1); }, [n] { return fib(n - 2); });`
///
/// Blocks: suspends until every branch has ended; on a thread_pool the thread goes on with a
/// branch, and another one may take those that have not begun. Branches begin in the order written;
/// a branch may wait for another one unless it is a plain function that blocks. Stop: branches stop
/// with the awaiting task. Errors: the failure of the first branch, in the order written, that has
/// one; the others run to their end, but those not yet begun after a failure may be left out.
/// Lifetime: callables given as rvalues live until then. A branch that hops does not move the
/// awaiting task. Cost: while nobody is idle no atomic read-modify-write and no allocation but the
/// branches' frames.
template <class... F> detail::fork_request<F...> fork_join(F&&... f) {
  static_assert(sizeof...(F) > 0, "quartet: fork_join takes at least one branch");
  (detail::check_branch<F>(), ...);
  return detail::fork_request<F...>(std::forward<F>(f)...);
}

}  // namespace quartet
