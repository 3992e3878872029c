// SPDX-License-Identifier: Apache-2.0
// Finds out why a type cannot be sent; report.hpp has the words.
#pragma once

#include <quartet/wire/detail/sends.hpp>

namespace quartet::wire::detail {

enum class why {
  function_pointer,
  void_pointer,
  char_pointer,
  open_file,
  raw_pointer,
  base,
  too_many,
  untellable,
  bit_field,
  forgotten,
  twice,
  no_default,
  const_field,
  const_array,
  stateful,
  polymorphic,
  function,
  shared,
  unique_other,
  atomic,
  running,
  lock,
  any,
  iterator,
  view,
  wrapper,
  lambda,
  not_trivial,
  private_members,
  reference,
  volatile_object,
  member_pointer,
  union_,
  unsized,
};

template <class T>
concept shared_like = requires(T& x) {
  typename T::element_type;
  x.use_count();
};
template <class T>
concept function_like = requires(T const& x) {
  x.target_type();
  typename T::result_type;
};
template <class T>
concept any_like = requires(T& x) {
  x.type();
  x.has_value();
  x.reset();
};
template <class T>
concept atomic_like = requires(T& x) {
  x.load();
  x.is_lock_free();
};
template <class T>
concept lock_like = requires(T& x) {
  x.lock();
  x.unlock();
};
template <class T>
concept thread_like = requires(T& x) {
  x.joinable();
};
template <class T>
concept future_like = requires(T& x) {
  x.valid();
  x.wait();
};
template <class T>
concept promise_like = requires(T& x) {
  x.get_future();
};
template <class T>
concept wrapper_like = requires(T& x) {
  typename T::type;
  { x.get() } -> std::same_as<typename T::type&>;
};
template <class T> inline constexpr bool unique_any = false;
template <class T, class D> inline constexpr bool unique_any<std::unique_ptr<T, D>> = true;

template <class T> consteval bool is_lambda() {
  auto const name = type_name<T>();
  return name.find("lambda") != name.npos && std::is_class_v<T> &&
         (name.ends_with('>') || name.ends_with(')'));
}

template <class T> consteval why reason_for_pointer() {
  using target = std::remove_cv_t<std::remove_pointer_t<T>>;
  if constexpr (std::is_function_v<target>)
    return why::function_pointer;
  else if constexpr (std::is_void_v<target>)
    return why::void_pointer;
  else if constexpr (std::is_same_v<target, char>)
    return why::char_pointer;
  else if constexpr (type_name<target>() == "_IO_FILE" || type_name<target>() == "FILE")
    return why::open_file;
  else
    return why::raw_pointer;
}

template <class T> consteval why reason_for_fault() {
  switch (fault_of<T>()) {
    case fault::base:
      return why::base;
    case fault::too_many:
      return why::too_many;
    case fault::untellable:
      return why::untellable;
    case fault::bit_field:
      return why::bit_field;
    case fault::forgotten:
      return why::forgotten;
    case fault::twice:
      return why::twice;
    case fault::no_default:
      return why::no_default;
    case fault::const_field:
      return why::const_field;
    case fault::const_array:
      return why::const_array;
    case fault::foreign:
      return why::stateful;
    case fault::polymorphic:
      return why::polymorphic;
    case fault::none:
      break;
  }
  return why::private_members;
}

template <class T> consteval why reason_for_class() {
  if constexpr (function_like<T>)
    return why::function;
  else if constexpr (shared_like<T>)
    return why::shared;
  else if constexpr (unique_any<T>)
    return why::unique_other;
  else if constexpr (atomic_like<T>)
    return why::atomic;
  else if constexpr (thread_like<T> || future_like<T> || promise_like<T>)
    return why::running;
  else if constexpr (lock_like<T>)
    return why::lock;
  else if constexpr (any_like<T>)
    return why::any;
  else if constexpr (iterator_like<T>)
    return why::iterator;
  else if constexpr (view_like<T>)
    return why::view;
  else if constexpr (wrapper_like<T>)
    return why::wrapper;
  else if constexpr (is_lambda<T>())
    return why::lambda;
  else if constexpr (bitwise<T>)
    return why::not_trivial;
  else
    return why::private_members;
}

template <class T> consteval why reason_for() {
  if constexpr (std::is_reference_v<T>)
    return why::reference;
  else if constexpr (std::is_volatile_v<T>)
    return why::volatile_object;
  else if constexpr (std::is_pointer_v<T>)
    return reason_for_pointer<T>();
  else if constexpr (std::is_member_pointer_v<T>)
    return why::member_pointer;
  else if constexpr (std::is_union_v<T>)
    return why::union_;
  else if constexpr (std::is_array_v<T> || std::is_void_v<T>)
    return why::unsized;
  else if constexpr (kind_for<T> == kind::refused)
    return reason_for_class<T>();
  else
    return reason_for_fault<T>();
}

}  // namespace quartet::wire::detail
