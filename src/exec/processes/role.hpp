// SPDX-License-Identifier: Apache-2.0
// How a program that was started as a zygote learns that it is one, before its main runs.
#pragma once

namespace quartet::detail::processes {

inline constexpr char role_variable[] = "QUARTET_ZYGOTE";  // the secret, in hexadecimal
inline constexpr int role_socket = 3;                      // where requests come from
inline constexpr int role_parent = 4;                      // pidfd of the program

/// Whether a guard stands in front of main, so that executing ourselves does not run main again.
bool guard_present() noexcept;

}  // namespace quartet::detail::processes

extern "C" {
/// Returns at once in a program that nobody started as a zygote; else becomes it, never returns.
/// The guards see it as weak: a program that uses no worker processes links none of this.
[[gnu::weak]] void quartet_become_zygote();
/// Each guard defines one of these; the pool sees them as weak.
[[gnu::weak]] void quartet_guard_by_linker();
[[gnu::weak]] void quartet_guard_by_call();
}
