// SPDX-License-Identifier: Apache-2.0
// `fork_each`: a fork of as many branches as there turn out to be. In plain code: `parallel_each`.
#pragma once

#include <quartet/algo/fork_join.hpp>

namespace quartet {

namespace detail {

/// Branches [first, last): up to four in one fork, more in two halves.
template <class F> task<> fork_range(std::size_t first, std::size_t last, F* f) {
  auto const branch = [f](std::size_t i) { return [f, i] { return (*f)(i); }; };
  switch (last - first) {
    case 0:
      break;
    case 1:
      if constexpr (is_task<std::invoke_result_t<F&, std::size_t>>)
        co_await (*f)(first);
      else
        (*f)(first);
      break;
    case 2:
      co_await fork_join(branch(first), branch(first + 1));
      break;
    case 3:
      co_await fork_join(branch(first), branch(first + 1), branch(first + 2));
      break;
    case 4:
      co_await fork_join(branch(first), branch(first + 1), branch(first + 2), branch(first + 3));
      break;
    default: {
      std::size_t const middle = first + (last - first) / 2;
      co_await fork_join([=] { return fork_range(first, middle, f); },
                         [=] { return fork_range(middle, last, f); });
    }
  }
}

template <class F> task<> fork_each_of(std::size_t n, F f) { co_await fork_range(0, n, &f); }

}  // namespace detail

/// Runs `f(0)` to `f(n - 1)`, where `f` is a plain or coroutine function, as branches of one fork:
/// `co_await fork_each(children.size(), [&](std::size_t i) { return visit(children[i]); });`
/// Results go where `f` puts them. What `fork_join` says holds here too.
template <class F>
requires std::invocable < std::remove_reference_t<F>
&, std::size_t > task<> fork_each(std::size_t n, F&& f) {
  static_assert(
      std::is_void_v<typename detail::unwrapped<
          std::invoke_result_t<std::remove_reference_t<F>&, std::size_t>>::type>,
      "quartet: a branch of fork_each gives nothing back; write the result where it goes");
  if constexpr (std::is_lvalue_reference_v<F>) {
    return detail::fork_range(0, n, &f);
  } else {
    detail::check_kept_branch<F>();
    return detail::fork_each_of(n, std::move(f));
  }
}

}  // namespace quartet
