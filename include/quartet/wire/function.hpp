// SPDX-License-Identifier: Apache-2.0
// Callables that can be sent: what each kind carries, and how it is written and read.
#pragma once

#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <quartet/wire/decode.hpp>
#include <quartet/wire/encode.hpp>
#include <quartet/wire/identity.hpp>

namespace quartet {

/// Type of `fn<F>`.
/// Threads: any. Stop: does not apply. Errors: those of the function. Lifetime: holds nothing.
template <auto F> struct named_function {
  template <class... A>
  requires std::is_invocable_v<decltype(F), A...>
  constexpr decltype(auto) operator()(A&&... a) const {
    return std::invoke(F, std::forward<A>(a)...);
  }
};

/// A function or member function as an object whose type says which one: `fn<&f>`,
/// `fn<&image::shrink>`. It has no state, so it can be sent, and calls through it are inlined.
template <auto F> inline constexpr named_function<F> fn{};

/// What `quartet::bind` returns: a callable and the values that go in front of its arguments.
/// Threads: those of the callable. Stop: does not apply. Errors: those of the callable.
/// Lifetime: owns callable and values.
template <class F, class... Data> struct bound_function {
  F function;
  std::tuple<Data...> data;

  template <class... A>
  requires std::is_invocable_v<F&, Data&..., A...>
  constexpr decltype(auto) operator()(A&&... a) {
    return std::apply(
        [&](Data&... d) -> decltype(auto) {
          return std::invoke(function, d..., std::forward<A>(a)...);
        },
        data);
  }
  template <class... A>
  requires std::is_invocable_v<F const&, Data const&..., A...>
  constexpr decltype(auto) operator()(A&&... a) const {
    return std::apply(
        [&](Data const&... d) -> decltype(auto) {
          return std::invoke(function, d..., std::forward<A>(a)...);
        },
        data);
  }
};

/// `bind(f, data...)(x...)` is `f(data..., x...)`: what a lambda would capture, said openly, so
/// that it can be checked and sent.
template <class F, class... Data>
requires(sizeof...(Data) > 0) &&
    (!std::is_arithmetic_v<std::decay_t<F>>)constexpr auto bind(F&& f, Data&&... data) {
  return bound_function<std::decay_t<F>, std::decay_t<Data>...>{std::forward<F>(f),
                                                                {std::forward<Data>(data)...}};
}

namespace wire::detail {

template <class F> inline constexpr bool is_function_pointer =
    std::is_pointer_v<F>&& std::is_function_v<std::remove_pointer_t<F>>;
template <class F> inline constexpr bool is_bound = false;
template <class F, class... D> inline constexpr bool is_bound<bound_function<F, D...>> = true;
// A captureless lambda, fn<&f>, an empty function object: all there is to it is its type.
template <class F> inline constexpr bool is_stateless =
    std::is_empty_v<F>&& std::is_default_constructible_v<F> && !is_bound<F>;

template <class F> struct function_parts;
template <class F, class... D> struct function_parts<bound_function<F, D...>> {
  using function = F;
  using data = std::tuple<D...>;
};

template <class F> consteval bool sends_function() {
  if constexpr (is_function_pointer<F> || is_stateless<F>)
    return true;
  else if constexpr (is_bound<F>)
    return sends_function<typename function_parts<F>::function>() &&
           sends<typename function_parts<F>::data>();
  else if constexpr (std::is_class_v<F>)
    return sends<F>();
  else
    return false;
}

template <text Path, class F> consteval auto explain_function() {
  if constexpr (sends_function<F>())
    return can_be_sent{};
  else if constexpr (is_bound<F>)
    return first_refusal(
        explain_function<join<Path, QUARTET_TEXT(".function")>(),
                         typename function_parts<F>::function>(),
        explain<join<Path, QUARTET_TEXT(".data")>(), typename function_parts<F>::data>());
  else if constexpr (std::is_class_v<F> && std::is_empty_v<F>)
    return refuse<Path, F>();
  else
    return explain<Path, F>();
}

template <class F> void put_function(writer& out, F const& f) {
  if constexpr (is_stateless<F>) {
    static_cast<void>(out), static_cast<void>(f);
  } else if constexpr (is_function_pointer<F>) {
    encode_token(out, token_of(reinterpret_cast<void const*>(f)));
  } else if constexpr (is_bound<F>) {
    put_function(out, f.function);
    put(out, f.data);
  } else {
    put<F>(out, f);
  }
}

template <class F> F get_function(reader& in) {
  if constexpr (is_stateless<F>) {
    return F{};
  } else if constexpr (is_function_pointer<F>) {
    auto const* const address = address_of(decode_token(in));
    return reinterpret_cast<F>(const_cast<void*>(address));  // NOLINT: that is what it is
  } else if constexpr (is_bound<F>) {
    return F{get_function<typename function_parts<F>::function>(in),
             get_value<typename function_parts<F>::data>(in)};
  } else {
    return get_value<F>(in);
  }
}

}  // namespace wire::detail

/// Callables that can be sent: a captureless lambda or another empty function object, `fn<&f>`, a
/// pointer to a function, `bind(f, values...)`, a function object whose members can all be sent.
/// Not: a lambda with captures, std::function, a pointer to a member function.
template <class F>
concept sendable_function = wire::detail::sends_function<std::remove_cv_t<F>>();

}  // namespace quartet
