// SPDX-License-Identifier: Apache-2.0
// Values in reports, as far as they can be printed.
#pragma once

#include <concepts>
#include <ostream>
#include <ranges>
#include <sstream>
#include <string>
#include <typeinfo>

namespace quartet::detail {

template <class T>
concept streamed = requires(std::ostream& to, T const& x) {
  to << x;
};
template <class T>
concept perhaps_there = requires(T const& x) {
  { x.has_value() } -> std::convertible_to<bool>;
  *x;
};

/// Whether `printed` shows the value, not only its type.
template <class T> consteval bool is_printable() {
  if constexpr (streamed<T>)
    return true;
  else if constexpr (perhaps_there<T>)
    return is_printable<std::remove_cvref_t<decltype(*std::declval<T const&>())>>();
  else if constexpr (std::ranges::input_range<T const>)
    return is_printable<std::ranges::range_value_t<T const>>();
  else
    return false;
}

/// `queue::pop<int>` is `pop`.
std::string name_of_type(std::type_info const& type);

/// By operator<<; an optional is its value or `nothing`, a range is `[1, 2]`; else the type's name.
template <class T> std::string printed(T const& x) {
  if constexpr (std::same_as<T, bool>) {
    return x ? "true" : "false";
  } else if constexpr (streamed<T>) {
    std::ostringstream text;
    text << x;
    return text.str();
  } else if constexpr (perhaps_there<T>) {
    return x.has_value() ? printed(*x) : "nothing";
  } else if constexpr (std::ranges::input_range<T const>) {
    std::string text;
    for (std::ranges::range_value_t<T const> const& each : x)
      text += (text.empty() ? "[" : ", ") + printed(each);
    return text.empty() ? "[]" : text + "]";
  } else {
    return name_of_type(typeid(T));
  }
}

}  // namespace quartet::detail
