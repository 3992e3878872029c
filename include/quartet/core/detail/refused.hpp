// SPDX-License-Identifier: Apache-2.0
// What a call that must not compile gives, so that the reason stays the only error.
#pragma once

#include <quartet/core/detail/promise.hpp>

namespace quartet::detail {

/// Can be awaited and blocked for, and becomes whatever is wanted. Declared only: a program in
/// which one is made has been told why it does not compile.
/// Threads, stop, errors, lifetime: no objects.
struct refused : native_awaiter {
  ~refused();
  template <class T> operator T() const;  // NOLINT: that is its purpose

  bool await_ready() const noexcept;
  template <class P> void await_suspend(std::coroutine_handle<P> h) const noexcept;
  refused await_resume() const;
  refused blocking_get() const;
  void stop() const noexcept;
  bool done() const noexcept;
};

/// Stands for a callable that was named without saying which of its namesakes is meant: where a
/// type would have to be deduced from an overloaded function or a template, a default argument
/// counts, and of the conversion to it the compilers print name and line.
struct this_names_several_functions {
  this_names_several_functions(...) = delete;  // say which: f<int>, or [](auto x) { return f(x); }
};
template <class F> inline constexpr bool is_unclear = false;
template <> inline constexpr bool is_unclear<this_names_several_functions> = true;
template <class F>
concept unclear = is_unclear<F>;  // of std::same_as GCC would print the insides

}  // namespace quartet::detail
