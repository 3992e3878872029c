// SPDX-License-Identifier: Apache-2.0
// Finds the first member that cannot be sent and puts path, type, why and remedy into one type,
// which a failing static_assert then prints. Instantiated only when something is wrong.
#pragma once

#include <quartet/wire/detail/reason.hpp>
#include <quartet/wire/detail/text.hpp>

namespace quartet::wire::detail {

/// What the compiler prints: where, and of which type.
template <text Path, class Type, why Because> struct cannot_be_sent {
  static constexpr bool ok = false;
  static constexpr why cause = Because;
};
struct can_be_sent {
  static constexpr bool ok = true;
  static constexpr why cause{-1};
};

template <text Path, class T, class... Seen> consteval auto explain();

template <text Path, class T> consteval auto refuse() {
  return cannot_be_sent<printable<Path>(), T, reason_for<T>()>{};
}

/// The first that is a refusal.
template <class First, class... Rest> consteval auto first_refusal(First first, Rest... rest) {
  if constexpr (!First::ok || sizeof...(Rest) == 0) {
    return first;
  } else {
    return first_refusal(rest...);
  }
}

template <text Path, class T, class... Seen, std::size_t... I, class... M>
consteval auto explain_members(std::index_sequence<I...>, types<M...>) {
  return first_refusal(
      can_be_sent{},
      explain<join<Path, join<QUARTET_TEXT("."), QUARTET_TEXT(member_name<T, I>())>()>(),
              std::remove_const_t<M>, T, Seen...>()...);
}
template <text Path, char Before, char After, class... Seen, std::size_t... I, class... M>
consteval auto explain_numbered(std::index_sequence<I...>, types<M...>) {
  return first_refusal(
      can_be_sent{},
      explain<join<Path, numbered<I>(Before, After)>(), std::remove_const_t<M>, Seen...>()...);
}
template <class... F> consteval auto only_sent(types<F...>) {
  return types<std::conditional_t<is_left_out<F>, int, std::remove_cvref_t<F>>...>{};
}

template <text Path, class T, class... Seen> consteval auto explain_class() {
  constexpr kind k = kind_for<T>;
  if constexpr (k == kind::aggregate) {
    using members = member_types<T>;
    if constexpr (any_reference(members{}))  // the address of such a member is no constant
      return explain_numbered<Path, '#', ' ', T, Seen...>(std::make_index_sequence<members::size>(),
                                                          members{});
    else
      return explain_members<Path, T, Seen...>(std::make_index_sequence<members::size>(),
                                               members{});
  } else if constexpr (k == kind::fields) {
    using members = field_types<T>;
    return explain_numbered<join<Path, QUARTET_TEXT(".quartet_fields")>(), '[', ']', T, Seen...>(
        std::make_index_sequence<members::size>(), only_sent(members{}));
  } else if constexpr (k == kind::unique) {
    return explain<join<QUARTET_TEXT("*"), Path>(), std::remove_const_t<typename T::element_type>,
                   Seen...>();
  } else if constexpr (k == kind::map) {
    return first_refusal(
        explain<join<Path, QUARTET_TEXT(".key")>(), typename T::key_type, Seen...>(),
        explain<join<Path, QUARTET_TEXT(".value")>(), typename T::mapped_type, Seen...>());
  } else if constexpr (k == kind::variant) {
    using list = typename alternatives<T>::list;
    return explain_numbered<Path, '|', ' ', Seen...>(std::make_index_sequence<list::size>(),
                                                     list{});
  } else if constexpr (k == kind::tuple) {
    using list = typename elements_of<T>::list;
    return explain_numbered<Path, '<', '>', Seen...>(std::make_index_sequence<list::size>(),
                                                     list{});
  } else if constexpr (k == kind::duration) {
    return refuse<Path, typename T::rep>();
  } else if constexpr (k == kind::time_point) {
    return refuse<Path, typename T::duration>();
  } else if constexpr (k == kind::expected) {
    return first_refusal(
        explain<join<Path, QUARTET_TEXT(".value()")>(), typename T::value_type, Seen...>(),
        explain<join<Path, QUARTET_TEXT(".error()")>(), typename T::error_type, Seen...>());
  } else if constexpr (k == kind::optional) {
    return explain<join<Path, QUARTET_TEXT(".value()")>(), typename T::value_type, Seen...>();
  } else {
    return explain<join<Path, QUARTET_TEXT("[]")>(), std::remove_const_t<typename T::value_type>,
                   Seen...>();
  }
}

template <text Path, class T, class... Seen> consteval auto explain() {
  if constexpr (sends<T, Seen...>())
    return can_be_sent{};
  else if constexpr (kind_for<T> == kind::refused)
    return refuse<Path, T>();
  else if constexpr (kind_for<T> == kind::c_array)
    return explain<join<Path, QUARTET_TEXT("[]")>(),
                   std::remove_const_t<std::remove_all_extents_t<T>>, Seen...>();
  else if constexpr (fault_of<T>() != fault::none)
    return refuse<Path, T>();
  else
    return explain_class<Path, T, Seen...>();
}

}  // namespace quartet::wire::detail
