// SPDX-License-Identifier: Apache-2.0
// The line that an address in the program belongs to.
#pragma once

#include <string>

namespace quartet::detail {

/// `bank.cpp:12 (withdraw)` for the instruction before `code`, of the innermost function that is
/// not quartet's own; the function and an offset, or the address, if nothing more is known: there
/// is no addr2line, or the program was built without line numbers.
/// Blocks: for a child program of some milliseconds.
std::string place_of_code(void const* code);

/// `path` as somebody would type it here.
std::string short_path(std::string const& path);

}  // namespace quartet::detail
