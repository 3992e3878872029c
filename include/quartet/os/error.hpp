// SPDX-License-Identifier: Apache-2.0
// The one convention of this module for operating errors: std::system_error with a sentence.
#pragma once

#include <string>

namespace quartet::os {

/// Throws std::system_error from errno, with `what` in front of the system's words.
/// Errors: always.
[[noreturn]] void throw_errno(std::string const& what);

/// The same from an error number that was kept.
[[noreturn]] void throw_error(int number, std::string const& what);

}  // namespace quartet::os
