// SPDX-License-Identifier: Apache-2.0
// What can be called: plain functions and coroutine functions, seen alike.
#pragma once

#include <concepts>
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

namespace detail {

/// Says in a sentence why a call is impossible; true if it is possible. (Named constants, because
/// of a concept the compilers would print its insides.)
template <class F, class... A> consteval bool check_callable() {
  constexpr bool all_functions = !(is_task<std::decay_t<F>> || ... || is_task<std::decay_t<A>>);
  constexpr bool possible = callable<F, A...> || !all_functions;
  constexpr bool arguments_fit = possible || std::invocable<F, A...>;
  constexpr bool stored_ones_fit = possible || !arguments_fit;
  static_assert(all_functions,
                "quartet: this is a task, which cannot be kept. Instead: the function and its "
                "arguments: submit(f, args...), spawn(f, args...), not submit(f(args...))");
  static_assert(arguments_fit,
                "quartet: the callable cannot be called with these arguments: they are too few, "
                "too many, or of other types. Instead: all that it takes, in its order: "
                "submit(f, args...), spawn(f, args...)");
  static_assert(stored_ones_fit,
                "quartet: the callable cannot be called with these arguments, because they are "
                "stored by value and handed over as rvalues. Instead: take them by value or by "
                "const&, or pass std::ref(x) for a reference that outlives the call");
  return callable<F, A...> && all_functions;
}

template <class F, class... A> using stored_invoke =
    std::invoke_result<std::decay_t<F>, std::decay_t<A>...>;

/// The same of what a call gives, which must be kept until somebody wants it. `Call`: its
/// std::invoke_result; if that is empty, check_callable complains and this does not.
template <class Call> consteval bool check_result() {
  if constexpr (requires { typename Call::type; }) {
    using result = typename unwrapped<typename Call::type>::type;
    constexpr bool is_value = !std::is_reference_v<result>;
    constexpr bool moves = std::is_void_v<result> || std::is_move_constructible_v<result>;
    static_assert(is_value,
                  "quartet: a call gives back a value, and this function returns a reference. "
                  "Instead: return a copy, or a pointer to what outlives the call");
    static_assert(moves,
                  "quartet: a call gives back a value, and what this function returns cannot be "
                  "moved. Instead: return a std::unique_ptr to it, or use it inside the call");
    return is_value && moves;
  } else {
    return true;
  }
}

}  // namespace detail

}  // namespace quartet
