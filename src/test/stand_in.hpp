// SPDX-License-Identifier: Apache-2.0
// What the functions that stand in for others have in common.
//
// All simulated threads are one to the C library: what one of them waits for, the others cannot do
// meanwhile. So a call that would wait has to end the run; one that would not, as a lock that is
// free, may go on. Whether it would is asked of the function's own form that never waits.
//
// Nothing here announces an operation unless it has to wait: whether a static is initialised in
// this run or was in an earlier one must not show in the order of a run's steps.
#pragma once

#include "sanitized.hpp"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <features.h>
#endif
#if defined(__GLIBC__)
#define QUARTET_ESCAPES 1
#else
#define QUARTET_ESCAPES 0  // another C library, or another machine
#endif

#if QUARTET_ESCAPES
#include <cstddef>
#include <vector>

#include <quartet/exec/sim/detail/world.hpp>

#include "imports.hpp"

namespace quartet::detail::escapes {

/// The world whose threads are watched.
extern sim::world* watched;

/// Whether a simulated thread is the caller.
bool inside() noexcept;

/// Ends the run: the running thread has called `function` from `from`, and should do `instead`.
/// `holder` is whom the call would wait for; -1: nobody knows.
[[noreturn]] void leave(char const* function, char const* instead, void const* from,
                        int holder = -1) noexcept;

#define QUARTET_CALLER __builtin_return_address(0)

/// A text as a template argument.
template <std::size_t N> struct text {
  consteval text(char const (&s)[N]) {  // NOLINT(google-explicit-constructor): a literal
    for (std::size_t i = 0; i != N; ++i) at[i] = s[i];
  }
  char at[N];
};

/// A function of the C or C++ library: its name, its type, and where it is.
template <text Name, class F> struct known {
  static constexpr char const* name = Name.at;
  static inline void* original = nullptr;
  static F* real() noexcept { return reinterpret_cast<F*>(original); }
};

template <class K, class F> replacement stand_in(F* by) noexcept {
  return {K::name, reinterpret_cast<void*>(by), &K::original};
}

/// Ends the run, whatever the arguments. Reports call it `Shown`.
template <text Name, text Instead, class F, text Shown = Name> struct forbidden;
template <text Name, text Instead, class R, class... A, text Shown>
struct forbidden<Name, Instead, R(A...), Shown> {
  using function = known<Name, R(A...)>;
  static R call(A... a) {
    if (inside()) leave(Shown.at, Instead.at, QUARTET_CALLER);
    return function::real()(a...);
  }
  static replacement make() noexcept { return stand_in<function>(&call); }
};

using table = std::vector<replacement>;
void add_calls(table& to);    // starting something, sleeping, the time, chance
void add_locks(table& to);    // locks and semaphores
void add_waits(table& to);    // for other threads, and for descriptors
void add_statics(table& to);  // variables that are initialised when they are first used

}  // namespace quartet::detail::escapes

#endif
