// SPDX-License-Identifier: Apache-2.0
// Tells what a type is by what it offers, so that no container header has to be included here.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include <quartet/wire/codec.hpp>
#include <quartet/wire/reflect.hpp>

namespace quartet::wire::detail {

enum class kind {
  refused,
  codec,       // quartet::codec<T>
  fields,      // quartet_fields
  local,       // quartet::local<U>: nothing travels
  boolean,     // one byte, checked
  scalar,      // arithmetic and enumerations, native layout
  opted,       // quartet::bitwise<T>
  c_array,     // T[N]
  array,       // std::array and its like: fixed size, contiguous
  contiguous,  // vector, string: length, then elements that lie side by side
  sequence,    // deque, list, vector<bool>
  forward,     // forward_list
  map,
  set,
  optional,
  expected,
  variant,
  tuple,
  duration,
  time_point,
  path,
  bitset,
  unique,     // unique_ptr<U>: a flag, then U
  aggregate,  // reflected
};

template <class T>
concept with_codec = requires {
  sizeof(codec<T>);
};
template <class T>
concept with_member_fields = requires(T& x) {
  x.quartet_fields();
};
template <class T>
concept with_friend_fields = requires(T& x) {
  quartet_fields(x);
};
template <class T>
concept with_fields = with_member_fields<T> || with_friend_fields<T>;
template <class T>
concept received = requires(T& x) {
  x.quartet_received();
};

template <class T> inline constexpr bool is_local = false;
template <class T> inline constexpr bool is_local<local<T>> = true;
template <class T> inline constexpr bool is_left_out = false;
template <class T> inline constexpr bool is_left_out<left_out<T>> = true;
template <class T> inline constexpr bool is_unique = false;
template <class T> inline constexpr bool is_unique<std::unique_ptr<T>> = !std::is_array_v<T>;

template <class T> struct alternatives;
template <template <class...> class V, class... A> struct alternatives<V<A...>> {
  using list = types<A...>;
};

// Only containers that own their elements have an allocator; views do not.
template <class T>
concept owning_range = requires(T& x) {
  typename T::allocator_type;
  typename T::value_type;
  x.begin();
  x.end();
};
template <class T>
concept keyed = owning_range<T> && requires(T& x) {
  typename T::key_type;
  x.size();
};
template <class T>
concept map_like = keyed<T> && requires {
  typename T::mapped_type;
};
template <class T>
concept plain_range = owning_range<T> && !keyed<T>;
template <class T>
concept contiguous_like = plain_range<T> && requires(T& x) {
  x.resize(x.size());
  { *x.data() } -> std::same_as<typename T::value_type&>;
};
template <class T>
concept sequence_like = plain_range<T> && requires(T& x) {
  x.size();
  x.pop_back();
};
template <class T>
concept forward_like = plain_range<T> && requires(T& x) {
  x.before_begin();
};
template <class T>
concept expected_like = requires(T& x) {
  typename T::value_type;
  typename T::unexpected_type;
  x.has_value();
  x.error();
};
template <class T>
concept optional_like = !expected_like<T> && requires(T & x) {
  typename T::value_type;
  x.has_value();
  x.reset();
  *x;
};
template <class T>
concept variant_like = requires(T& x) {
  typename alternatives<T>::list;
  x.index();
  x.valueless_by_exception();
};
template <class T>
concept sized_tuple = requires {
  std::tuple_size<T>::value;
};
template <class T>
concept array_like = sized_tuple<T> && requires(T& x) {
  typename T::value_type;
  x.data();
  x.fill(*x.begin());
};
template <class T>
concept view_like = !owning_range<T> && requires(T & x) {
  x.data();
  x.size();
  x.empty();
};
template <class T>
concept iterator_like = requires(T& x) {
  *x;
  ++x;
}
&&(
    requires { typename T::iterator_category; } || requires { typename T::iterator_concept; });
template <class T>
concept tuple_like = sized_tuple<T> && !requires(T & x) {
  x.begin();
};
template <class T>
concept duration_like = requires(T& x) {
  typename T::rep;
  typename T::period;
  x.count();
};
template <class T>
concept time_point_like = requires(T& x) {
  typename T::clock;
  typename T::duration;
  x.time_since_epoch();
};
template <class T>
concept path_like = requires(T& x) {
  typename T::string_type;
  x.native();
  x.root_directory();
};
template <class T>
concept complex_like = requires(T& x) {
  typename T::value_type;
  x.real();
  x.imag();
}
&&std::is_trivially_copyable_v<T> && sizeof(T) == 2 * sizeof(typename T::value_type);
template <class T>
concept bitset_like = requires(T& x) {
  x.test(0);
  x.flip();
  x.to_ullong();
};

template <class T> consteval kind kind_of_class() {
  if constexpr (iterator_like<T>)
    return kind::refused;
  else if constexpr (is_unique<T>)
    return kind::unique;
  else if constexpr (complex_like<T>)
    return kind::opted;
  else if constexpr (map_like<T>)
    return kind::map;
  else if constexpr (keyed<T>)
    return kind::set;
  else if constexpr (contiguous_like<T>)
    return kind::contiguous;
  else if constexpr (sequence_like<T>)
    return kind::sequence;
  else if constexpr (forward_like<T>)
    return kind::forward;
  else if constexpr (array_like<T>)
    return kind::array;
  else if constexpr (expected_like<T>)
    return kind::expected;
  else if constexpr (optional_like<T>)
    return kind::optional;
  else if constexpr (variant_like<T>)
    return kind::variant;
  else if constexpr (tuple_like<T>)
    return kind::tuple;
  else if constexpr (duration_like<T>)
    return kind::duration;
  else if constexpr (time_point_like<T>)
    return kind::time_point;
  else if constexpr (path_like<T>)
    return kind::path;
  else if constexpr (bitset_like<T>)
    return kind::bitset;
  else if constexpr (std::is_aggregate_v<T>)
    return kind::aggregate;
  else
    return kind::refused;
}

/// T without const, volatile or reference.
template <class T> consteval kind kind_of() {
  if constexpr (std::is_same_v<T, bool>)
    return kind::boolean;
  else if constexpr (std::is_arithmetic_v<T>)
    return kind::scalar;
  else if constexpr (std::is_array_v<T>)
    return std::extent_v<T> != 0 ? kind::c_array : kind::refused;
  else if constexpr (std::is_void_v<T> || std::is_reference_v<T> || std::is_volatile_v<T>)
    return kind::refused;
  else if constexpr (with_codec<T>)
    return kind::codec;
  else if constexpr (std::is_enum_v<T> || std::is_null_pointer_v<T>)
    return kind::scalar;
  else if constexpr (!std::is_class_v<T>)
    return kind::refused;
  else if constexpr (is_local<T>)
    return kind::local;
  else if constexpr (with_fields<T>)
    return kind::fields;
  else if constexpr (bitwise<T>)
    return std::is_trivially_copyable_v<T> ? kind::opted : kind::refused;
  else
    return kind_of_class<T>();
}
template <class T> inline constexpr kind kind_for = kind_of<T>();

/// A reference to T, for asking about types that nothing can construct.
template <class T> T& some() noexcept;

template <class T> constexpr auto fields_of(T& x) {
  if constexpr (with_member_fields<T>) {
    return x.quartet_fields();
  } else {
    return quartet_fields(x);
  }
}
template <class T> using fields_tuple = decltype(fields_of(some<T>()));

template <class> struct unwrap_fields;
template <template <class...> class Tuple, class... F> struct unwrap_fields<Tuple<F...>> {
  using list = types<F...>;
};
/// As listed: references, or left_out<U>.
template <class T> using field_types = typename unwrap_fields<fields_tuple<T>>::list;

template <class T, class Index = std::make_index_sequence<std::tuple_size<T>::value>>
struct elements_of;
template <class T, std::size_t... I> struct elements_of<T, std::index_sequence<I...>> {
  using list = types<std::tuple_element_t<I, T>...>;
};

/// Where the members end if they lie one behind the other, each at its alignment.
template <class... M> consteval std::size_t laid_out(std::size_t start, types<M...>) {
  std::size_t end = start;
  ((end = (end + alignof(M) - 1) / alignof(M) * alignof(M) + sizeof(M)), ...);
  return end;
}

template <class T> consteval bool copies_bitwise();
template <class T> inline constexpr bool copied_bitwise = copies_bitwise<T>();

template <class... M> consteval bool all_bitwise(types<M...>) {
  return (copied_bitwise<std::remove_const_t<M>> && ...);
}
template <class... M> consteval std::size_t sum_of_sizes(types<M...>) {
  return (sizeof(M) + ... + 0);
}

template <class T> consteval bool is_bitwise_aggregate() {
  if constexpr (!std::is_trivially_copyable_v<T> || received<T> || member_count<T> == 0 ||
                member_count < T >> members_max) {
    return false;
  } else if constexpr (has_base<T>) {
    return false;
  } else if constexpr (!all_bitwise(member_types<T>{})) {
    return false;
  } else {
    // No padding: equal values give equal bytes, and no stray memory leaves the process.
    return sum_of_sizes(member_types<T>{}) == sizeof(T);
  }
}

/// True if the bytes of any T are its value, and any bytes are some T. Being trivially copyable is
/// not enough: a struct with a pointer is, and so is one with a bool.
template <class T> consteval bool copies_bitwise() {
  constexpr kind k = kind_for<T>;
  if constexpr (k == kind::scalar)
    return !std::is_null_pointer_v<T>;
  else if constexpr (k == kind::opted)
    return true;
  else if constexpr (k == kind::c_array)
    return copied_bitwise<std::remove_all_extents_t<T>>;
  else if constexpr (k == kind::array)
    return copied_bitwise<typename T::value_type> && std::tuple_size<T>::value != 0;
  else if constexpr (k == kind::duration)
    return copied_bitwise<typename T::rep>;
  else if constexpr (k == kind::time_point)
    return copied_bitwise<typename T::duration>;
  else if constexpr (k == kind::aggregate)
    return is_bitwise_aggregate<T>();
  else
    return false;
}

}  // namespace quartet::wire::detail
