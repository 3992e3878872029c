// SPDX-License-Identifier: Apache-2.0
// A place in the source: where a task was spawned, where an operation happened.
#pragma once

namespace quartet {

/// File, line and function of a call, filled in by `place::here()` as a default argument.
/// Threads: a value. Stop: not concerned. Errors: none.
/// Lifetime: the strings are literals and live as long as the program.
struct place {
  char const* file = "";
  unsigned line = 0;
  char const* function = "";

  /// The caller's place when used as a default argument.
  static constexpr place here(char const* f = __builtin_FILE(), unsigned l = __builtin_LINE(),
                              char const* fn = __builtin_FUNCTION()) noexcept {
    return {f, l, fn};
  }
};

}  // namespace quartet
