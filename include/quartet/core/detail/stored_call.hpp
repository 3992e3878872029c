// SPDX-License-Identifier: Apache-2.0
// A callable and its arguments, kept until the call has used them, and not longer.
#pragma once

#include <optional>
#include <tuple>

#include <quartet/base/invoke.hpp>
#include <quartet/core/callable.hpp>
#include <quartet/seam/shared.hpp>

namespace quartet::detail {

/// Kept apart from the result, because callable and arguments must be gone before anybody learns
/// that the call has ended: they may refer to what the one who waits destroys next.
/// Threads: belongs to the call. Stop: not concerned. Errors: `invoke` throws what the call does.
/// Lifetime: of the parts: until `drop`.
template <class F, class... A> class stored_call {
 public:
  template <class G, class... B>
  requires(!std::same_as<std::remove_cvref_t<G>, stored_call>) explicit stored_call(G&& f,
                                                                                    B&&... args)
      : parts_(std::in_place, std::forward<G>(f), std::forward<B>(args)...) {}

  F& function() noexcept { return parts_.write()->f; }
  /// References to the arguments.
  auto arguments() noexcept {
    return std::apply([](auto&... a) { return std::tie(a...); }, parts_.write()->arguments);
  }
  /// Once: the parts are handed over as rvalues.
  raw_result<F, A...> invoke() {
    return std::apply(
        [this](A&... a) -> raw_result<F, A...> {
          return detail::invoke(std::move(parts_.write()->f), std::move(a)...);
        },
        parts_.write()->arguments);
  }
  void drop() noexcept { parts_.write().reset(); }

 private:
  struct parts {
    template <class G, class... B>
    requires(!std::same_as<std::remove_cvref_t<G>, parts>) explicit parts(G&& g, B&&... b)
        : f(std::forward<G>(g)), arguments(std::forward<B>(b)...) {}
    F f;
    [[no_unique_address]] std::tuple<A...> arguments;
  };
  watched<std::optional<parts>> parts_;  // empty once dropped
};

}  // namespace quartet::detail
