// SPDX-License-Identifier: Apache-2.0
// The smallest thing with a submit that checks its calls as a process pool does.
#pragma once

#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <quartet/wire/border.hpp>

template <class F, class R, class... A> struct record {
  using function_type = F;
  using result_type = R;
  using argument_types = std::tuple<A...>;

  static record& from(quartet::call& c) { return reinterpret_cast<record&>(c); }
  F& function() { return f; }
  std::tuple<A const&...> arguments(std::size_t) {
    return std::apply([](A const&... a) { return std::tuple<A const&...>(a...); }, data);
  }
  template <class... V> void settle(std::size_t, V&&...) {}
  static R run_blocking(quartet::executor_base&, F f, A... a) {
    return std::invoke(f, std::move(a)...);
  }

  F f;
  argument_types data;
};

struct process_pool {
  template <class F, class... A> quartet::wire::remote_ops const* submit(F&&, A&&...) {
    using R = std::invoke_result_t<std::decay_t<F>, std::decay_t<A>...>;
    quartet::sendable_border::check<std::decay_t<F>, R, std::decay_t<A>...>();
    return quartet::sendable_border::ops<record<std::decay_t<F>, R, std::decay_t<A>...>>();
  }
};
