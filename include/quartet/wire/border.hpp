// SPDX-License-Identifier: Apache-2.0
// The border of executors that run calls in other processes: what may pass, checked while
// compiling.
#pragma once

#include <quartet/wire/detail/report.hpp>
#include <quartet/wire/remote_ops.hpp>

namespace quartet {
namespace wire::detail {

template <class R> consteval auto explain_result() {
  if constexpr (std::is_void_v<R>)
    return can_be_sent{};
  else
    return explain<join<QUARTET_TEXT("result: "), QUARTET_TEXT(type_name<R>())>(), R>();
}

template <std::size_t Number, class A> consteval auto explain_argument() {
  return explain<join<QUARTET_TEXT("argument"),
                      join<numbered<Number>(' ', ':'),
                           join<QUARTET_TEXT(" "), QUARTET_TEXT(type_name<A>())>()>()>(),
                 A>();
}

template <class F, class R, class... A, std::size_t... I>
consteval auto explain_call(std::index_sequence<I...>) {
  return first_refusal(explain_function<QUARTET_TEXT("function"), F>(),
                       explain_argument<I + 1, A>()..., explain_result<R>());
}

template <class F, class R, class... A>
inline constexpr bool sends_call = sendable_function<F> &&
                                   (std::is_void_v<R> || sendable<R>)&&(sendable<A>&&...);

template <class F, class R, class... A> consteval auto answer_to_call() {
  if constexpr (sends_call<F, R, A...>)
    return can_be_sent{};
  else
    return explain_call<F, R, A...>(std::index_sequence_for<A...>());
}

template <class F, class R, class... A> struct answer {
  using type = decltype(answer_to_call<F, R, A...>());
};

}  // namespace wire::detail

/// Lets a call pass if its function, each argument and its result can be sent. Its member
/// `check<F, R, A...>()` fails to compile otherwise, and names the argument, the member in it, why,
/// and what to write instead.
/// Threads: no state. Stop: does not apply. Errors: at compile time only. Lifetime: no objects.
struct sendable_border : wire::detail::checking_border {
  /// F, R, A as stored: decayed; R is what the caller gets, never a task, and may be void.
  template <class F, class R, class... A> static constexpr bool accepts =
      wire::detail::sends_call<F, R, A...>;

  /// The operations of a call record; nullptr if `accepts` is false for it, so that the errors of
  /// `check` stay the only ones.
  template <class Call> static constexpr wire::remote_ops const* ops() noexcept {
    if constexpr (accepts_record<Call>(static_cast<typename Call::argument_types*>(nullptr)))
      return &wire::detail::operations_of<Call>;
    else
      return nullptr;
  }

 private:
  template <class Call, class... A> static consteval bool accepts_record(std::tuple<A...>*) {
    return accepts<typename Call::function_type, typename Call::result_type, A...>;
  }
};

}  // namespace quartet
