// SPDX-License-Identifier: Apache-2.0
// How a call leaves the process: four entries that a call record carries, unseen, to an executor.
#pragma once

#include <cstddef>

#include <quartet/wire/function.hpp>

namespace quartet {
struct call;
class executor_base;
}  // namespace quartet

namespace quartet::wire {

/// Item i of a call as bytes, and back.
/// Threads: the functions hold no state; a call is used by one thread at a time.
/// Stop: does not apply.
/// Errors: `encode` throws encode_error, identity_error, std::bad_alloc; `decode` decode_error;
/// `thunk` these and what the function throws.
/// Lifetime: one constant per type of call, for ever.
struct remote_ops {
  /// In the worker: reads the function's state and its arguments, runs it on `here`, writes the
  /// result. The address of this function is the identity of what is called: see `token_of`.
  void (*thunk)(reader& in, writer& out, executor_base& here);
  /// At the caller: writes the function's state and the arguments of item i.
  void (*encode)(call&, std::size_t i, writer&);
  /// At the caller: reads the result of item i and settles it.
  void (*decode)(call&, std::size_t i, reader&);
  /// The function's type as the compiler spells it, for messages.
  char const* name;
};

namespace detail {

template <class T> inline constexpr auto stored_name = QUARTET_TEXT(type_name<T>());

template <class Call> struct operations {
  using function = typename Call::function_type;
  using result = typename Call::result_type;
  using arguments = typename Call::argument_types;

  static void thunk(reader& in, writer& out, executor_base& here) {
    run(in, out, here, std::make_index_sequence<std::tuple_size<arguments>::value>());
  }

  static void encode(quartet::call& record, std::size_t i, writer& out) {
    Call& c = Call::from(record);
    put_function<function>(out, c.function());
    put_arguments(out, c.arguments(i),
                  std::make_index_sequence<std::tuple_size<arguments>::value>());
  }

  static void decode(quartet::call& record, std::size_t i, reader& in) {
    if constexpr (std::is_void_v<result>) {
      in.finish();
      Call::from(record).settle(i);
    } else {
      result value = get_value<result>(in);
      in.finish();
      Call::from(record).settle(i, std::move(value));
    }
  }

 private:
  template <class References, std::size_t... I>
  static void put_arguments(writer& out, References&& all, std::index_sequence<I...>) {
    static_cast<void>(out), static_cast<void>(all);
    (put<std::tuple_element_t<I, arguments>>(out, std::get<I>(all)), ...);
  }

  template <std::size_t... I>
  static void run(reader& in, writer& out, executor_base& here, std::index_sequence<I...>) {
    static_cast<void>(out);
    function f = get_function<function>(in);
    arguments all{get_value<std::tuple_element_t<I, arguments>>(in)...};  // braces: in this order
    in.finish();
    if constexpr (std::is_void_v<result>) {
      Call::run_blocking(here, std::move(f), std::get<I>(std::move(all))...);
    } else {
      put<result>(out, Call::run_blocking(here, std::move(f), std::get<I>(std::move(all))...));
    }
  }
};

template <class Call> inline constexpr remote_ops operations_of{
    &operations<Call>::thunk, &operations<Call>::encode, &operations<Call>::decode,
    stored_name<typename Call::function_type>.letters};

}  // namespace detail
}  // namespace quartet::wire
