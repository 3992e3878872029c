// SPDX-License-Identifier: Apache-2.0
// Yes or no: can a T be sent? The cheap half of the check; explain.hpp runs only after a no.
#pragma once

#include <quartet/wire/detail/shape.hpp>

namespace quartet::wire::detail {

// What can be wrong with a class as such, before its members are looked at.
enum class fault {
  none,
  base,        // a base class, which structured bindings cannot see
  too_many,    // more than 64 members
  untellable,  // reference members among others, anonymous unions
  bit_field,
  forgotten,   // quartet_fields does not list all
  twice,       // quartet_fields lists a member twice
  no_default,  // nothing to fill on arrival
  const_field,
  const_array,
  foreign,     // a comparison, hash or deleter that has a state of its own
  polymorphic  // unique_ptr to a class that may be another one
};

template <class... T> consteval bool any_empty(types<T...>) { return (std::is_empty_v<T> || ...); }
template <class... T> consteval bool any_reference(types<T...>) {
  return (std::is_reference_v<T> || ...);
}
template <class... T> consteval bool any_const(types<T...>) { return (std::is_const_v<T> || ...); }
template <class... T> consteval bool any_array(types<T...>) { return (std::is_array_v<T> || ...); }
template <class... T> consteval bool any_const_array(types<T...>) {
  return ((std::is_array_v<T> && std::is_const_v<std::remove_all_extents_t<T>>) || ...);
}

/// The aggregate is default constructed and its members are then filled; the other way is to
/// construct it from its decoded members.
template <class T> inline constexpr bool filled_in_place =
    std::is_default_constructible_v<T> && !any_const(member_types<T>{});

template <class T> consteval fault fault_of_aggregate() {
  if constexpr (member_count<T> == uncountable)
    return fault::untellable;
  else if constexpr (member_count<T> > members_max)
    return fault::too_many;
  else if constexpr (has_base<T>)
    return fault::base;
  else {
    using members = member_types<T>;
    if constexpr (any_reference(members{}))
      return fault::none;  // the member itself is refused
    else if constexpr (members::size != 0 && !any_empty(members{}) &&
                       laid_out(0, members{}) > sizeof(T))
      return fault::bit_field;
    else if constexpr (any_const_array(members{}))
      return fault::const_array;
    else if constexpr (!filled_in_place<T> && any_array(members{}))
      return fault::no_default;
    else
      return fault::none;
  }
}

template <class F> struct listed { using type = std::remove_reference_t<F>; };
template <class U> struct listed<left_out<U>> { using type = U; };
template <class... F> consteval auto listed_types(types<F...>) {
  return types<typename listed<F>::type...>{};
}
template <class... F> consteval bool any_const_field(types<F...>) {
  return ((std::is_reference_v<F> && std::is_const_v<std::remove_reference_t<F>>) || ...);
}

template <class F> constexpr void const volatile* field_address(F& field) {
  if constexpr (is_left_out<std::remove_const_t<F>>) {
    return std::addressof(field.member);
  } else {
    return std::addressof(field);
  }
}
template <class Tuple, std::size_t... I>
constexpr bool names_one_twice(Tuple const& all, std::index_sequence<I...>) {
  void const volatile* const at[] = {field_address(std::get<I>(all))..., nullptr};
  for (std::size_t i = 0; i < sizeof...(I); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (at[i] == at[j]) return true;
    }
  }
  return false;
}
template <class T> constexpr bool fields_name_one_twice(T& x) {
  return names_one_twice(fields_of(x), std::make_index_sequence<field_types<T>::size>());
}
/// quartet_fields is constexpr, so the compiler can compare the addresses it gives.
template <class T>
concept constant_fields = requires {
  typename std::bool_constant<(fields_name_one_twice(place_of<T>::it.value), true)>;
};

template <class T> consteval fault fault_of_fields() {
  using members = decltype(listed_types(field_types<T>{}));
  constexpr std::size_t start = std::is_polymorphic_v<T> ? sizeof(void*) : 0;
  constexpr std::size_t end = laid_out(start, members{});
  constexpr std::size_t size = (end + alignof(T) - 1) / alignof(T) * alignof(T);
  if constexpr (!std::is_default_constructible_v<T>)
    return fault::no_default;
  else if constexpr (any_const_field(field_types<T>{}))
    return fault::const_field;
  else if constexpr (fields_complete<T>)
    return fault::none;
  else {
    if constexpr (constant_fields<T>) {
      if constexpr (fields_name_one_twice(place_of<T>::it.value)) return fault::twice;
    }
    if constexpr (members::size == 0)
      return std::is_empty_v<T> ? fault::none : fault::forgotten;
    else if constexpr (size < sizeof(T))
      return fault::forgotten;
    else if constexpr (size > sizeof(T) && !any_empty(members{}))
      return fault::twice;
    else if constexpr (std::is_aggregate_v<T>) {
      if constexpr (member_count<T> <= members_max && members::size < member_count<T>)
        return fault::forgotten;
    }
    return fault::none;
  }
}

template <class Policy> inline constexpr bool without_state =
    std::is_empty_v<Policy>&& std::is_default_constructible_v<Policy>;

template <class T> consteval fault fault_of_keyed() {
  if constexpr (requires { typename T::key_compare; }) {
    return without_state<typename T::key_compare> ? fault::none : fault::foreign;
  } else {
    return without_state<typename T::hasher> && without_state<typename T::key_equal>
               ? fault::none
               : fault::foreign;
  }
}

template <class T> consteval fault fault_of() {
  constexpr kind k = kind_for<T>;
  if constexpr (k == kind::aggregate)
    return fault_of_aggregate<T>();
  else if constexpr (k == kind::fields)
    return fault_of_fields<T>();
  else if constexpr (k == kind::map || k == kind::set)
    return fault_of_keyed<T>();
  else if constexpr (k == kind::local)
    return std::is_default_constructible_v<T> ? fault::none : fault::no_default;
  else if constexpr (k == kind::unique) {
    using element = typename T::element_type;
    return std::is_polymorphic_v<element> && !std::is_final_v<element> ? fault::polymorphic
                                                                       : fault::none;
  } else
    return fault::none;
}

template <class T, class... Seen> inline constexpr bool seen = (std::is_same_v<T, Seen> || ...);

/// Seen: the classes around this one. A class that contains itself is judged by its other members.
template <class T, class... Seen> consteval bool sends();

template <class... Seen, class... M> consteval bool all_send(types<M...>) {
  return (sends<std::remove_const_t<M>, Seen...>() && ...);
}

template <class T, class... Seen> consteval bool sends_as_class() {
  constexpr kind k = kind_for<T>;
  if constexpr (fault_of<T>() != fault::none)
    return false;
  else if constexpr (k == kind::aggregate)
    return all_send<T, Seen...>(member_types<T>{});
  else if constexpr (k == kind::fields) {
    return []<class... F>(types<F...>) {
      return ((is_left_out<F> || sends<std::remove_cvref_t<F>, T, Seen...>()) && ...);
    }(field_types<T>{});
  } else if constexpr (k == kind::unique) {
    return sends<std::remove_const_t<typename T::element_type>, Seen...>();
  } else if constexpr (k == kind::map) {
    return sends<typename T::key_type, Seen...>() && sends<typename T::mapped_type, Seen...>();
  } else if constexpr (k == kind::variant) {
    return all_send<Seen...>(typename alternatives<T>::list{});
  } else if constexpr (k == kind::tuple) {
    return all_send<Seen...>(typename elements_of<T>::list{});
  } else if constexpr (k == kind::duration) {
    return sends<typename T::rep>();
  } else if constexpr (k == kind::time_point) {
    return sends<typename T::duration>();
  } else if constexpr (k == kind::expected) {
    return sends<typename T::error_type, Seen...>() && sends<typename T::value_type, Seen...>();
  } else {
    return sends<std::remove_const_t<typename T::value_type>, Seen...>();
  }
}

template <class T, class... Seen> consteval bool sends() {
  constexpr kind k = kind_for<T>;
  if constexpr (k == kind::refused)
    return false;
  else if constexpr (seen<T, Seen...>)
    return true;
  else if constexpr (k == kind::local)
    return fault_of<T>() == fault::none;
  else if constexpr (k == kind::codec || k == kind::boolean || k == kind::scalar ||
                     k == kind::opted || k == kind::path || k == kind::bitset)
    return true;
  else if constexpr (k == kind::c_array)
    return sends<std::remove_const_t<std::remove_all_extents_t<T>>, Seen...>();
  else
    return sends_as_class<T, Seen...>();
}

}  // namespace quartet::wire::detail
