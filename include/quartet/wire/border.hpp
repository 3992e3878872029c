// SPDX-License-Identifier: Apache-2.0
// The border of executors that run calls in other processes: what may pass, checked while compiling.
#pragma once

#include <quartet/wire/remote_ops.hpp>

namespace quartet {

/// Lets a call pass if its function, each argument and its result can be sent. `check` fails to
/// compile otherwise, and names the argument, the member in it, why, and what to write instead.
/// Threads: no state. Stop: does not apply. Errors: at compile time only. Lifetime: no objects.
struct sendable_border {
  /// F, R, A as stored: decayed; R is what the caller gets, never a task, and may be void.
  template <class F, class R, class... A>
  static constexpr bool accepts = sendable_function<F> &&
                                  (std::is_void_v<R> || sendable<R>)&&(sendable<A> && ...);

  template <class F, class R, class... A> static consteval void check() {
    if constexpr (!accepts<F, R, A...>)
      wire::detail::report<decltype(refusal<F, R, A...>(std::index_sequence_for<A...>()))>();
  }

  /// The operations of a call record; nullptr if `accepts` is false for it, so that the errors of
  /// `check` stay the only ones.
  template <class Call> static constexpr wire::remote_ops const* ops() {
    if constexpr (accepts_record<Call>(static_cast<typename Call::argument_types*>(nullptr)))
      return &wire::detail::operations_of<Call>;
    else
      return nullptr;
  }

 private:
  template <class Call, class... A> static consteval bool accepts_record(std::tuple<A...>*) {
    return accepts<typename Call::function_type, typename Call::result_type, A...>;
  }

  template <class R> static consteval auto refused_result() {
    using namespace wire::detail;
    if constexpr (std::is_void_v<R>) return can_be_sent{};
    else
      return explain<join<QUARTET_TEXT("result: "), QUARTET_TEXT(wire::type_name<R>())>(), R>();
  }

  template <class F, class R, class... A, std::size_t... I>
  static consteval auto refusal(std::index_sequence<I...>) {
    using namespace wire::detail;
    return first_refusal(
        explain_function<QUARTET_TEXT("function"), F>(),
        explain<join<QUARTET_TEXT("argument"),
                     join<numbered<I + 1>(' ', ':'),
                          join<QUARTET_TEXT(" "), QUARTET_TEXT(wire::type_name<A>())>()>()>(),
                A>()...,
        refused_result<R>());
  }
};

}  // namespace quartet
