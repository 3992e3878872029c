// SPDX-License-Identifier: Apache-2.0
// `submit`, the one member that all executors share, and the border that takes any callable.
#pragma once

#include <optional>
#include <string_view>

#include <quartet/core/callable.hpp>
#include <quartet/core/future.hpp>

namespace quartet {

/// Options of one call. Trivially destructible, so that it can stand in a `co_await` expression.
/// Threads: a value. Stop: `stop` stops the call as well. Errors: none.
/// Lifetime: `stop` outlives the call; `name` need not.
struct submit_options {
  duration timeout{};                  ///< from its start; 0: none
  std::optional<priority> level = {};  ///< none: that of the running task
  std::string_view name = {};          ///< shown in errors and reports; copied
  stop_source* stop = nullptr;         ///< stops the call too; outlives it
  place where = place::here();
};
static_assert(std::is_trivially_destructible_v<submit_options>);

/// The border of executors in this process: any callable may pass.
/// Threads: no state. Stop: not concerned. Errors: none. Lifetime: no state.
struct any_call {
  template <class F, class R, class... A> static constexpr bool accepts = true;
  template <class F, class R, class... A> static consteval void check() {}
  template <class Call> static constexpr wire::remote_ops const* ops() noexcept { return nullptr; }
};

namespace detail {
template <class F>
concept not_options = !std::same_as<std::remove_cvref_t<F>, submit_options>;
}  // namespace detail

/// The members of every executor. `Border` says which calls it takes.
/// Threads: `submit` from any thread. Stop: a call submitted by a task stops with that task.
/// Errors: a refused call does not compile and says why. Lifetime: see executor_base.
template <class Border> class executor_members : public executor_base {
 public:
  using border = Border;

  /// Starts `f(args...)`, a plain function or a coroutine function, both moved into the call.
  template <detail::not_options F, class... A> auto submit(F&& f, A&&... args) {
    if constexpr (detail::check_callable<F, A...>() &&
                  detail::check_result<detail::stored_invoke<F, A...>>()) {
      if constexpr (!takes<F, A...>)
        Border::template check<std::decay_t<F>, call_result<F, A...>, std::decay_t<A>...>();
      return start_call(submit_options{.where = {}}, std::forward<F>(f), std::forward<A>(args)...);
    } else {
      return detail::refused{};
    }
  }

  template <class F, class... A> auto submit(submit_options o, F&& f, A&&... args) {
    if constexpr (detail::check_callable<F, A...>() &&
                  detail::check_result<detail::stored_invoke<F, A...>>()) {
      if constexpr (!takes<F, A...>)
        Border::template check<std::decay_t<F>, call_result<F, A...>, std::decay_t<A>...>();
      return start_call(o, std::forward<F>(f), std::forward<A>(args)...);
    } else {
      return detail::refused{};
    }
  }

  // For an overloaded function that does not say which.
  template <detail::unclear F = detail::this_names_several_functions, class... A>
  detail::refused submit(F f, A&&... args);
  template <detail::unclear F = detail::this_names_several_functions, class... A>
  detail::refused submit(submit_options o, F f, A&&... args);

 protected:
  executor_members() = default;

 private:
  template <class F, class... A> static constexpr bool takes =
      Border::template accepts<std::decay_t<F>, call_result<F, A...>, std::decay_t<A>...>;

  template <class F, class... A> auto start_call(submit_options const& o, F&& f, A&&... args) {
    using result = call_result<F, A...>;
    if constexpr (takes<F, A...>) {
      using record = detail::one_call<result, std::decay_t<F>, std::decay_t<A>...>;
      // What throws comes before what must be released.
      auto own = detail::call_extras::of(o.name, o.stop);
      auto* const r = new record(this->target(), std::forward<F>(f), std::forward<A>(args)...);
      r->remote = Border::template ops<record>();
      r->timeout = o.timeout;
      r->level = detail::level_of_call(o.level);
      r->where = o.where;
      r->link_to_caller(std::move(own));
      r->begin();
      return future<result>(r);
    } else {
      return future<result>(nullptr);
    }
  }
};

/// What algorithms take: anything derived from `executor_members`.
template <class E>
concept executor = std::derived_from<E, executor_base> && requires {
  typename E::border;
};

/// Whether `E` takes the call `f(args...)`.
template <class E, class F, class... A>
concept submittable = executor<E> && callable<F, A...> &&
    E::border::template accepts<std::decay_t<F>, call_result<F, A...>, std::decay_t<A>...>;

/// Runs `f(args...)` on `e`: `co_await on(pool, f, args...)`. The same as `e.submit`.
template <executor E, class F, class... A> auto on(E& e, F&& f, A&&... args) {
  return e.submit(std::forward<F>(f), std::forward<A>(args)...);
}
template <executor E, detail::unclear F = detail::this_names_several_functions, class... A>
detail::refused on(E& e, F f, A&&... args);

namespace detail {
/// Runs a call to its end on `e` from a thread that may block.
template <class R, class F, class... A>
R one_call<R, F, A...>::run_blocking(executor_base& e, F f, A... args) {
  auto* const r = new one_call(e, std::move(f), std::move(args)...);
  r->begin();
  r->block();
  outcome<R> o = std::move(r->result.write());
  r->release();
  return o.take();
}
}  // namespace detail

}  // namespace quartet
