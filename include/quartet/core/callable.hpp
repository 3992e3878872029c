// SPDX-License-Identifier: Apache-2.0
// What can be called: plain functions and coroutine functions, seen alike.
#pragma once

#include <functional>
#include <type_traits>

#include <quartet/core/task.hpp>

namespace quartet {

namespace detail {
template <class T> struct unwrapped { using type = T; };
template <class T> struct unwrapped<task<T>> { using type = T; };
}  // namespace detail

/// `f(args...)` is possible with callable and arguments stored by value and handed over as rvalues.
template <class F, class... A>
concept callable = std::invocable<std::decay_t<F>, std::decay_t<A>...>;

/// What `f(args...)` returns, a `task` included.
template <class F, class... A> using raw_result =
    std::invoke_result_t<std::decay_t<F>, std::decay_t<A>...>;

/// What the call gives in the end: `R` for a function that returns `R` or `task<R>`.
template <class F, class... A> using call_result =
    typename detail::unwrapped<raw_result<F, A...>>::type;

template <class F, class... A> inline constexpr bool is_coroutine_call =
    is_task<raw_result<F, A...>>;

}  // namespace quartet
