// SPDX-License-Identifier: Apache-2.0
// Reads what encode.hpp wrote, and holds up against bytes that it never wrote.
#pragma once

#include <quartet/wire/encode.hpp>
#include <quartet/wire/reader.hpp>

namespace quartet::wire {
namespace detail {

/// Makes a T out of the message.
template <class T> T get_value(reader& in);
/// The same into a T that has just been default constructed.
template <class T> void get_into(reader& in, T& x);

inline bool get_flag(reader& in) {
  auto const byte = in.raw<unsigned char>();
  if (byte > 1) in.fail("a yes or no is neither 0 nor 1");
  return byte != 0;
}

template <class E> E get_element(reader& in) {
  if constexpr (padded<E>) {
    E x = get_value<E>(in);
    in.bytes(1);
    return x;
  } else {
    return get_value<E>(in);
  }
}

template <class T> void get_fields(reader& in, T& x) {
  auto&& all = fields_of(x);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    auto const one = [&]<class F>(F& field) {
      if constexpr (!is_left_out<std::remove_const_t<F>>) get_into<F>(in, field);
    };
    (one(std::get<I>(all)), ...);
  }
  (std::make_index_sequence<field_types<T>::size>());
}

/// Fills `x` with `count` elements whose bytes lie at `from`, where nothing is aligned. Clearing
/// the memory first, as resize does, is lost in the page faults of large blocks (measured).
template <class T> void assign_bitwise(T& x, std::byte const* from, std::size_t count) {
  using element = typename T::value_type;
  if constexpr (sizeof(element) == 1) {
    auto const* const first = reinterpret_cast<element const*>(from);
    x.assign(first, first + count);
  } else {
    x.resize(count);
    if (count != 0) std::memcpy(static_cast<void*>(x.data()), from, count * sizeof(element));
  }
}

template <class T> void get_contiguous(reader& in, T& x) {
  using element = typename T::value_type;
  nesting_for<reader, element> const level(in);
  std::size_t const count = in.length(element_min<element>);
  if constexpr (copied_bitwise<element>) {
    assign_bitwise(x, in.bytes(count * sizeof(element)), count);
  } else {
    if (count <= x.max_size()) x.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      if constexpr (std::is_default_constructible_v<element> && !padded<element>) {
        get_into<element>(in, x.emplace_back());
      } else {
        x.push_back(get_element<element>(in));
      }
    }
  }
}

template <class T> void get_sequence(reader& in, T& x) {
  using element = typename T::value_type;
  nesting_for<reader, element> const level(in);
  std::size_t const count = in.length(element_min<element>);
  if constexpr (forward_like<T>) {
    auto last = x.before_begin();
    for (std::size_t i = 0; i < count; ++i) last = x.insert_after(last, get_element<element>(in));
  } else {
    for (std::size_t i = 0; i < count; ++i) x.push_back(get_element<element>(in));
  }
}

template <class T> void get_keyed(reader& in, T& x) {
  using key = typename T::key_type;
  if constexpr (map_like<T>) {
    using value = typename T::mapped_type;
    nesting_for<reader, value> const level(in);
    std::size_t const count = in.length(element_min<key> + size_min<value>());
    for (std::size_t i = 0; i < count; ++i) {
      key k = get_element<key>(in);
      x.emplace_hint(x.end(), std::move(k), get_value<value>(in));
    }
  } else {
    nesting_for<reader, key> const level(in);
    std::size_t const count = in.length(element_min<key>);
    for (std::size_t i = 0; i < count; ++i) x.emplace_hint(x.end(), get_element<key>(in));
  }
}

template <class T, std::size_t... I>
void get_variant_into(reader& in, T& x, std::size_t index, std::index_sequence<I...>) {
  auto const one = [&]<std::size_t N, class A>(std::integral_constant<std::size_t, N>, types<A>*) {
    x.template emplace<N>(get_value<A>(in));
  };
  static_cast<void>(
      ((index == I && (one(std::integral_constant<std::size_t, I>{},
                           static_cast<types<std::remove_cvref_t<decltype(get<I>(x))>>*>(nullptr)),
                       true)) ||
       ...));
}
/// A variant whose first alternative has no default constructor is made from the right one.
template <class T, std::size_t N, class First, class... Rest>
T get_variant(reader& in, std::size_t index, types<First, Rest...>) {
  if constexpr (sizeof...(Rest) == 0) {
    return T(std::in_place_index<N>, get_value<First>(in));
  } else {
    if (index == N) return T(std::in_place_index<N>, get_value<First>(in));
    return get_variant<T, N + 1>(in, index, types<Rest...>{});
  }
}
template <class T> std::size_t get_alternative(reader& in) {
  std::size_t const index = in.raw<unsigned char>();
  if (index >= alternatives<T>::list::size) in.fail("a variant has no such alternative");
  return index;
}

template <class T> void get_bits(reader& in, T& x) {
  for (std::size_t i = 0; i < x.size(); i += 8) {
    auto const byte = in.raw<unsigned char>();
    for (std::size_t bit = 0; bit < 8 && i + bit < x.size(); ++bit)
      x.set(i + bit, ((byte >> bit) & 1U) != 0);
  }
}

template <class T> void get_unique(reader& in, T& x) {
  using element = std::remove_const_t<typename T::element_type>;
  nesting_for<reader, element> const level(in);
  if (get_flag(in)) x.reset(new element(get_value<element>(in)));
}

template <class T> void get_expected(reader& in, T& x) {
  if (get_flag(in))
    x = get_value<typename T::value_type>(in);
  else
    x = typename T::unexpected_type(get_value<typename T::error_type>(in));
}

// NOLINTNEXTLINE(readability-function-size): the one table of how each kind is read
template <class T> void get_class_into(reader& in, T& x) {
  constexpr kind k = kind_for<T>;
  if constexpr (k == kind::codec)
    x = codec<T>::decode(in);
  else if constexpr (k == kind::fields)
    get_fields(in, x);
  else if constexpr (k == kind::array) {
    for (auto& each : x) get_into<typename T::value_type>(in, each);
  } else if constexpr (k == kind::contiguous)
    get_contiguous(in, x);
  else if constexpr (k == kind::sequence || k == kind::forward)
    get_sequence(in, x);
  else if constexpr (k == kind::map || k == kind::set)
    get_keyed(in, x);
  else if constexpr (k == kind::optional) {
    if (get_flag(in)) x.emplace(get_value<std::remove_const_t<typename T::value_type>>(in));
  } else if constexpr (k == kind::unique)
    get_unique(in, x);
  else if constexpr (k == kind::expected)
    get_expected(in, x);
  else if constexpr (k == kind::variant) {
    std::size_t const index = get_alternative<T>(in);
    get_variant_into(in, x, index, std::make_index_sequence<alternatives<T>::list::size>());
  } else if constexpr (k == kind::tuple) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (get_into<std::tuple_element_t<I, T>>(in, get<I>(x)), ...);
    }
    (std::make_index_sequence<std::tuple_size<T>::value>());
  } else if constexpr (k == kind::duration)
    x = T(get_value<typename T::rep>(in));
  else if constexpr (k == kind::time_point)
    x = T(get_value<typename T::duration>(in));
  else if constexpr (k == kind::path)
    x = T(get_value<typename T::string_type>(in));
  else if constexpr (k == kind::bitset)
    get_bits(in, x);
  else if constexpr (filled_in_place<T>)
    visit_members(x, [&]<class... M>(M&... member) { (get_into<M>(in, member), ...); });
  else
    x = get_value<T>(in);
}

template <class T> void get_into(reader& in, T& x) {
  constexpr kind k = kind_for<T>;
  if constexpr (k == kind::local || std::is_null_pointer_v<T>) {
    static_cast<void>(in), static_cast<void>(x);
  } else if constexpr (copied_bitwise<T>) {
    in.bytes(static_cast<void*>(std::addressof(x)), sizeof(T));
  } else if constexpr (k == kind::boolean) {
    x = get_flag(in);
  } else if constexpr (k == kind::c_array) {
    for (auto& each : x) get_into<std::remove_reference_t<decltype(each)>>(in, each);
  } else {
    get_class_into(in, x);
    if constexpr (received<T>) x.quartet_received();
  }
}

template <class T, class... M> T construct_aggregate(reader& in, types<M...>) {
  return T{get_value<std::remove_const_t<M>>(in)...};  // braces: in this order
}
template <class T, std::size_t... I> T construct_tuple(reader& in, std::index_sequence<I...>) {
  return T{get_value<std::remove_const_t<std::tuple_element_t<I, T>>>(in)...};
}
template <class T, std::size_t... I> T construct_array(reader& in, std::index_sequence<I...>) {
  return T{{(static_cast<void>(I), get_value<typename T::value_type>(in))...}};
}

/// A T that cannot be default constructed, or has const members.
template <class T> T construct(reader& in) {
  constexpr kind k = kind_for<T>;
  if constexpr (k == kind::codec)
    return codec<T>::decode(in);
  else if constexpr (k == kind::variant)
    return get_variant<T, 0>(in, get_alternative<T>(in), typename alternatives<T>::list{});
  else if constexpr (k == kind::tuple)
    return construct_tuple<T>(in, std::make_index_sequence<std::tuple_size<T>::value>());
  else if constexpr (k == kind::array)
    return construct_array<T>(in, std::make_index_sequence<std::tuple_size<T>::value>());
  else
    return construct_aggregate<T>(in, member_types<T>{});
}

template <class T> consteval bool is_constructed() {
  constexpr kind k = kind_for<T>;
  if constexpr (k == kind::codec)
    return true;
  else if constexpr (k == kind::aggregate)
    return (!filled_in_place<T> || !std::is_move_constructible_v<T>)&&!copied_bitwise<T>;
  else if constexpr (k == kind::tuple)
    return !std::is_default_constructible_v<T> || any_const(typename elements_of<T>::list{});
  else if constexpr (k == kind::variant || k == kind::array)
    return !std::is_default_constructible_v<T>;
  else
    return false;
}

template <class T> T get_value(reader& in) {
  if constexpr (is_constructed<T>()) {
    if constexpr (received<T>) {
      T x = construct<T>(in);
      x.quartet_received();
      return x;
    } else {
      return construct<T>(in);
    }
  } else if constexpr (copied_bitwise<T> && !std::is_default_constructible_v<T>) {
    alignas(T) std::byte memory[sizeof(T)];
    in.bytes(memory, sizeof(T));
    return *std::launder(reinterpret_cast<T*>(memory));
  } else {
    T x{};
    get_into<T>(in, x);
    return x;
  }
}

}  // namespace detail

/// Takes a T off the front of `in`. If T has a member function `quartet_received()`, it has run.
/// Errors: decode_error; whatever a codec<T> or quartet_received throws; std::bad_alloc. What was
/// announced is held against what is left before memory is taken for it.
template <sendable T> [[nodiscard]] T decode(reader& in) {
  return detail::get_value<std::remove_cv_t<T>>(in);
}

}  // namespace quartet::wire
