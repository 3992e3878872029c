// SPDX-License-Identifier: Apache-2.0
// Assertions: a programmer's error ends the program with a message that names it.
#pragma once

namespace quartet::detail {
/// Prints `message`, the condition and its place on standard error, then aborts.
[[noreturn, gnu::cold]] void assertion_failed(char const* condition, char const* message,
                                              char const* file, unsigned line) noexcept;
}  // namespace quartet::detail

/// Ends the program unless `condition` holds. Always on: a broken invariant is never ignored.
#define QUARTET_ASSERT(condition, message)           \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::quartet::detail::assertion_failed(#condition, message, __FILE__, __LINE__))
