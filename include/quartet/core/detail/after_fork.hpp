// SPDX-License-Identifier: Apache-2.0
// What is said in the child of a fork about work whose threads the child does not have.
#pragma once

#include <exception>

namespace quartet::detail {

/// A `closed` that says so.
std::exception_ptr left_in_parent() noexcept;

/// Ends the program saying so: for code that runs on a thread of the pool, and would go on as if
/// the others were there.
[[noreturn]] void end_lone_worker() noexcept;

/// Keeps what cannot be destroyed in the child, since a thread of the parent may have held any
/// guard of it, where leak checkers find it.
void leave_to_parent(void* p) noexcept;

}  // namespace quartet::detail
