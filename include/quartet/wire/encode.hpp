// SPDX-License-Identifier: Apache-2.0
// Writes a value. What each kind of type looks like on the wire is said once, here; decode.hpp
// reads the same in the same order.
#pragma once

#include <quartet/base/assert.hpp>
#include <quartet/wire/sendable.hpp>
#include <quartet/wire/writer.hpp>

namespace quartet::wire {
namespace detail {

template <class T> void put(writer& out, T const& x);

/// The least number of bytes that a T takes; the reader holds an announced length against it.
template <class T> consteval std::size_t size_min();
template <class... M> consteval std::size_t size_min_of(types<M...>) {
  return (size_min<std::remove_const_t<M>>() + ... + 0);
}
template <class T> consteval std::size_t size_min() {
  constexpr kind k = kind_for<T>;
  if constexpr (copied_bitwise<T>)
    return sizeof(T);
  else if constexpr (k == kind::boolean || k == kind::unique || k == kind::optional ||
                     k == kind::expected || k == kind::variant || k == kind::bitset)
    return 1;
  else if constexpr (k == kind::contiguous || k == kind::sequence || k == kind::forward ||
                     k == kind::map || k == kind::set || k == kind::path)
    return 4;
  else if constexpr (k == kind::aggregate)
    return size_min_of(member_types<T>{});
  else if constexpr (k == kind::tuple)
    return size_min_of(typename elements_of<T>::list{});
  else if constexpr (k == kind::array)
    return std::tuple_size<T>::value * size_min<typename T::value_type>();
  else
    return 0;
}
/// An element that may take no bytes at all is followed by one, so that a length always costs.
template <class E> inline constexpr std::size_t element_min = size_min<E>() == 0 ? 1
                                                                                 : size_min<E>();
template <class E> inline constexpr bool padded = size_min<E>() == 0;

/// True if a T may hold, through this element, another T: then the depth is watched.
template <class E> inline constexpr bool may_nest =
    std::is_class_v<E> && !copied_bitwise<E> &&
    !(kind_for<E> == kind::contiguous && requires { typename E::traits_type; });

struct no_nesting {
  template <class Side> explicit no_nesting(Side&) {}
};
template <class Side, class E> using nesting_for =
    std::conditional_t<may_nest<E>, typename Side::nesting, no_nesting>;

template <class E> void put_element(writer& out, E const& x) {
  put<E>(out, x);
  if constexpr (padded<E>) out.raw(char{});
}

template <class T> void put_fields(writer& out, T const& x) {
  // quartet_fields need not be const: it only names members, and nothing is written through them.
  auto&& all = fields_of(const_cast<T&>(x));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  [&]<std::size_t... I>(std::index_sequence<I...> index) {
    QUARTET_ASSERT(fields_complete<T> || !names_one_twice(all, index),
                   "quartet_fields lists a member twice");
    auto const one = [&]<class F>(F const& field) {
      if constexpr (!is_left_out<F>) put<F>(out, field);
    };
    (one(std::get<I>(all)), ...);
  }
  (std::make_index_sequence<field_types<T>::size>());
}

template <class T> void put_range(writer& out, T const& x, std::size_t count) {
  using element = std::remove_const_t<typename T::value_type>;
  nesting_for<writer, element> const level(out);
  out.length(count);
  if constexpr (kind_for<T> == kind::contiguous && copied_bitwise<element>) {
    out.bytes(x.data(), count * sizeof(element));
  } else {
    for (auto const& each : x) put_element<element>(out, each);
  }
}

template <class T> void put_map(writer& out, T const& x) {
  using key = typename T::key_type;
  using value = typename T::mapped_type;
  nesting_for<writer, value> const level(out);
  out.length(x.size());
  for (auto const& [k, v] : x) {
    put_element<key>(out, k);
    put<value>(out, v);
  }
}

template <class T, std::size_t... I>
void put_variant(writer& out, T const& x, std::index_sequence<I...>) {
  if (x.valueless_by_exception())
    throw encode_error("cannot send a variant that lost its value to an exception");
  static_assert(sizeof...(I) < 256, "quartet: a variant of more than 255 types cannot be sent");
  out.raw(static_cast<unsigned char>(x.index()));
  auto const one = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
    put<std::remove_cvref_t<decltype(get<N>(x))>>(out, get<N>(x));
  };
  static_cast<void>(
      ((x.index() == I && (one(std::integral_constant<std::size_t, I>{}), true)) || ...));
}

template <class T> void put_maybe(writer& out, T const& x, bool there) {
  out.raw(static_cast<unsigned char>(there));
  if constexpr (kind_for<T> == kind::unique) {
    nesting_for<writer, std::remove_const_t<typename T::element_type>> const level(out);
    if (there) put<std::remove_const_t<typename T::element_type>>(out, *x);
  } else {
    if (there) put<std::remove_const_t<typename T::value_type>>(out, *x);
  }
}

template <class T> void put_bits(writer& out, T const& x) {
  for (std::size_t i = 0; i < x.size(); i += 8) {
    unsigned char byte = 0;
    for (std::size_t bit = 0; bit < 8 && i + bit < x.size(); ++bit)
      byte = static_cast<unsigned char>(byte | (x.test(i + bit) ? 1U << bit : 0U));
    out.raw(byte);
  }
}

// NOLINTNEXTLINE(readability-function-size): the one table of how each kind is written
template <class T> void put_class(writer& out, T const& x) {
  constexpr kind k = kind_for<T>;
  if constexpr (k == kind::codec)
    codec<T>::encode(x, out);
  else if constexpr (k == kind::fields)
    put_fields(out, x);
  else if constexpr (k == kind::array) {
    for (auto const& each : x) put<typename T::value_type>(out, each);
  } else if constexpr (k == kind::forward) {
    std::size_t count = 0;
    for (auto it = x.begin(); it != x.end(); ++it) ++count;
    put_range(out, x, count);
  } else if constexpr (k == kind::map)
    put_map(out, x);
  else if constexpr (k == kind::optional)
    put_maybe(out, x, x.has_value());
  else if constexpr (k == kind::unique)
    put_maybe(out, x, x != nullptr);
  else if constexpr (k == kind::expected) {
    put_maybe(out, x, x.has_value());
    if (!x.has_value()) put<typename T::error_type>(out, x.error());
  } else if constexpr (k == kind::variant)
    put_variant(out, x, std::make_index_sequence<alternatives<T>::list::size>());
  else if constexpr (k == kind::tuple) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (put<std::remove_const_t<std::tuple_element_t<I, T>>>(out, get<I>(x)), ...);
    }
    (std::make_index_sequence<std::tuple_size<T>::value>());
  } else if constexpr (k == kind::duration)
    put<typename T::rep>(out, x.count());
  else if constexpr (k == kind::time_point)
    put<typename T::duration>(out, x.time_since_epoch());
  else if constexpr (k == kind::path)
    put<typename T::string_type>(out, x.native());
  else if constexpr (k == kind::bitset)
    put_bits(out, x);
  else if constexpr (k == kind::aggregate)
    visit_members(x, [&]<class... M>(M const&... member) { (put<M>(out, member), ...); });
  else
    put_range(out, x, x.size());  // contiguous, sequence, set
}

template <class T> void put(writer& out, T const& x) {
  constexpr kind k = kind_for<T>;
  if constexpr (k == kind::local || std::is_null_pointer_v<T>) {
    static_cast<void>(out), static_cast<void>(x);
  } else if constexpr (copied_bitwise<T>) {
    out.bytes(std::addressof(x), sizeof(T));
  } else if constexpr (k == kind::boolean) {
    out.raw(static_cast<unsigned char>(x));
  } else if constexpr (k == kind::c_array) {
    for (auto const& each : x) put<std::remove_cvref_t<decltype(each)>>(out, each);
  } else {
    put_class(out, x);
  }
}

}  // namespace detail

/// Appends `x` to `out`. Equal values give equal bytes, unordered containers apart.
/// Errors: encode_error for what can be seen only at run time (a variant without a value, a value
/// nested more than 1000 deep); whatever a codec<T> throws. `out` then holds a part.
template <sendable T> void encode(writer& out, T const& x) { detail::put<T>(out, x); }

}  // namespace quartet::wire
