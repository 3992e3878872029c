// SPDX-License-Identifier: Apache-2.0
// What the compiler knows about an aggregate: how many members, of which types, called what.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include <quartet/wire/detail/members.hpp>

namespace quartet::wire {
namespace detail {

/// Turns into any value; into anything that can be referred to. Never run; they have bodies because
/// Clang wants them for types without linkage.
struct any_value {
  template <class T> operator T() const {  // NOLINT(google-explicit-constructor)
    __builtin_unreachable();
  }
};
struct any_object {
  template <class T> operator T&() const {  // NOLINT(google-explicit-constructor)
    __builtin_unreachable();
  }
};
template <class Derived> struct any_base {
  template <class T>
  requires(!std::is_same_v<T, Derived> && std::is_base_of_v<T, Derived>) operator T()
      const {  // NOLINT(google-explicit-constructor)
    __builtin_unreachable();
  }
};
template <class T, std::size_t> using repeat = T;

template <class T, class Probe, std::size_t... I>
consteval bool takes_values(std::index_sequence<I...>) {
  return requires { T{repeat<Probe, I>{}...}; };
}
template <class T, class Base, class Probe, std::size_t... I>
consteval bool takes_base(std::index_sequence<I...>) {
  return requires { T{Base{}, repeat<Probe, I>{}...}; };
}
/// Before values, then K values in braces of their own, then After values.
template <class T, class Probe, std::size_t... B, std::size_t... K, std::size_t... A>
consteval bool takes_nested(std::index_sequence<B...>, std::index_sequence<K...>,
                            std::index_sequence<A...>) {
  return requires { T{repeat<Probe, B>{}..., {repeat<Probe, K>{}...}, repeat<Probe, A>{}...}; };
}

inline constexpr std::size_t members_max = 64;
inline constexpr std::size_t uncountable = static_cast<std::size_t>(-1);

template <class T, std::size_t Low, std::size_t High> consteval std::size_t count_braces() {
  // takes_braces<T, Low> holds, takes_braces<T, High> does not: halve the distance.
  if constexpr (High - Low == 1) {
    return Low;
  } else {
    constexpr std::size_t middle = (Low + High) / 2;
    if constexpr (takes_braces<T, middle>) {
      return count_braces<T, middle, High>();
    } else {
      return count_braces<T, Low, middle>();
    }
  }
}

/// The largest number of values that initialise T, at most members_max + 1.
template <class T, class Probe, std::size_t N = members_max + 1>
consteval std::size_t count_values() {
  if constexpr (N == 0) {
    return uncountable;
  } else if constexpr (takes_values<T, Probe>(std::make_index_sequence<N>())) {
    return N;
  } else {
    return count_values<T, Probe, N - 1>();
  }
}

/// How many of the values from the one at Position on belong to one C array: K values in braces
/// must be accepted there with exactly the rest behind them, and not with one more.
template <class T, class Probe, std::size_t Position, std::size_t Count, std::size_t K = 2>
consteval std::size_t array_extent() {
  if constexpr (Position + K > Count) {
    return 1;
  } else if constexpr (takes_nested<T, Probe>(std::make_index_sequence<Position>(),
                                              std::make_index_sequence<K>(),
                                              std::make_index_sequence<Count - Position - K>()) &&
                       !takes_nested<T, Probe>(
                           std::make_index_sequence<Position>(), std::make_index_sequence<K>(),
                           std::make_index_sequence<Count - Position - K + 1>())) {
    return K;
  } else {
    return array_extent<T, Probe, Position, Count, K + 1>();
  }
}
template <class T, class Probe, std::size_t Position, std::size_t Count>
consteval std::size_t count_folded() {
  if constexpr (Position == Count) {
    return 0;
  } else {
    constexpr std::size_t width = array_extent<T, Probe, Position, Count>();
    return 1 + count_folded<T, Probe, Position + width, Count>();
  }
}

template <class T> consteval std::size_t count_members() {
  if constexpr (takes_braces<T, 0>) {
    if constexpr (takes_braces<T, members_max + 1>) return members_max + 1;
    return count_braces<T, 0, members_max + 1>();
  } else if constexpr (constexpr auto values = count_values<T, any_value>();
                       values != uncountable && values <= members_max) {
    return count_folded<T, any_value, 0, values>();
  } else if constexpr (constexpr auto objects = count_values<T, any_object>();
                       objects != uncountable && objects <= members_max) {
    return count_folded<T, any_object, 0, objects>();
  } else {
    return uncountable;
  }
}

}  // namespace detail

/// The number of members of an aggregate: C arrays, nested aggregates and members that can only be
/// moved count as one each. More than 64 gives 65; `detail::uncountable` if it cannot be told.
template <class T> inline constexpr std::size_t member_count = detail::count_members<T>();

/// True if an aggregate has a base class that would take part in its initialisation.
template <class T> inline constexpr bool has_base = [] {
  if constexpr (std::is_final_v<T> && std::is_empty_v<T>) {
    return false;
  } else if constexpr (member_count<T> == 0 || member_count<T> > detail::members_max) {
    return false;
  } else if constexpr (requires { T{detail::any_base<T>{}}; }) {
    return true;
  } else {
    return detail::takes_base<T, detail::any_base<T>, detail::any_value>(
        std::make_index_sequence<member_count<T> - 1>());
  }
}();

/// The members' declared types, as detail::types<...>.
template <class T> using member_types =
    decltype(detail::list_members<member_count<T>>(std::declval<T&>()));

/// Calls `f` with a reference to each member, in order of declaration.
template <class T, class F> constexpr decltype(auto) visit_members(T& x, F&& f) {
  return detail::bind_members<member_count<std::remove_const_t<T>>>(x, std::forward<F>(f));
}

namespace detail {

// A place for a T that is never constructed: the address of a member of it is a constant.
template <class T> union unborn {
  constexpr unborn() : none{} {}
  constexpr ~unborn() {}
  char none;
  T value;
};
template <class T> struct place_of { static inline unborn<T> it{}; };
template <class T> struct address { T const volatile* at; };
template <class T> address(T*) -> address<std::remove_cv_t<T>>;

template <address Member> consteval std::string_view spelled_address() {
  return {__PRETTY_FUNCTION__, sizeof(__PRETTY_FUNCTION__) - 1};
}
template <class T> consteval std::string_view spelled_type() {
  return {__PRETTY_FUNCTION__, sizeof(__PRETTY_FUNCTION__) - 1};
}

template <std::size_t I, class First, class... Rest>
constexpr auto pick_address(First& first, Rest&... rest) {
  if constexpr (I == 0) {
    return address{std::addressof(first)};
  } else {
    return pick_address<I - 1>(rest...);
  }
}
template <class T, std::size_t I>
inline constexpr auto member_address = bind_members<member_count<T>>(
    place_of<T>::it.value, [](auto&... member) { return pick_address<I>(member...); });

}  // namespace detail

/// The type's name as the compiler spells it.
template <class T> consteval std::string_view type_name() {
  std::string_view text = detail::spelled_type<T>();
  text.remove_prefix(text.find("T = ") + 4);
  auto const end = text.find("; std::string_view");  // GCC names the alias of the result too
  return text.substr(0, end == text.npos ? text.size() - 1 : end);
}

/// The name of member I of T, read off how the compiler spells that member's address.
template <class T, std::size_t I> consteval std::string_view member_name() {
  std::string_view text = detail::spelled_address<detail::member_address<T, I>>();
  text.remove_prefix(text.rfind("value.") + 6);
  text = text.substr(0, text.rfind('}'));
  while (text.ends_with(')')) text.remove_suffix(1);
  auto const scope = text.rfind("::");
  return scope == text.npos ? text : text.substr(scope + 2);
}

}  // namespace quartet::wire
