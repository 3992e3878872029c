// SPDX-License-Identifier: Apache-2.0
// std::invoke and std::ref, without the hash tables that come with <functional>.
#pragma once

#include <type_traits>
#include <utility>
#if defined(__GLIBCXX__) && __has_include(<bits/refwrap.h>)
#include <bits/refwrap.h>  // IWYU pragma: export
#else
#include <functional>  // IWYU pragma: export
#endif

namespace quartet::detail {

template <class T> inline constexpr bool is_reference_wrapper = false;
template <class T> inline constexpr bool is_reference_wrapper<std::reference_wrapper<T>> = true;

/// The object of class `C` that a member is looked for in.
template <class C, class T> constexpr decltype(auto) object_of(T&& t) {
  using plain = std::remove_cvref_t<T>;
  if constexpr (std::is_base_of_v<C, plain>)
    return std::forward<T>(t);
  else if constexpr (is_reference_wrapper<plain>)
    return t.get();
  else
    return *std::forward<T>(t);
}

template <class M, class C, class T, class... A>
constexpr decltype(auto) invoke_member(M C::*m, T&& t, A&&... a) {
  if constexpr (std::is_function_v<M>)
    return (object_of<C>(std::forward<T>(t)).*m)(std::forward<A>(a)...);
  else
    return object_of<C>(std::forward<T>(t)).*m;
}

/// As std::invoke: `f(a...)`, also for a pointer to a member of the first argument.
template <class F, class... A> constexpr std::invoke_result_t<F, A...> invoke(
    F&& f, A&&... a) noexcept(std::is_nothrow_invocable_v<F, A...>) {
  if constexpr (std::is_member_pointer_v<std::remove_cvref_t<F>>)
    return invoke_member(f, std::forward<A>(a)...);
  else
    return std::forward<F>(f)(std::forward<A>(a)...);
}

}  // namespace quartet::detail
