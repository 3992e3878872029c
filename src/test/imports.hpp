// SPDX-License-Identifier: Apache-2.0
// The table through which a program and its shared libraries call what others define.
#pragma once

#include <span>

namespace quartet::detail {

/// A function that stands in for another one.
struct replacement {
  char const* name;  ///< as the linker knows it
  void* by;
  void** original;  ///< the function itself is written here
};

/// From now on all loaded objects that call a function by such a name call the other one. This
/// changes the process, not the program: nothing is defined by these names, so that a program that
/// merely links this one calls what it always did. Functions that are nowhere are passed over.
/// Calls inside one object do not go through its table, and those of objects that are loaded
/// later, or of a static program, are not seen.
/// Errors: none; what cannot be changed stays.
void replace_imports(std::span<replacement const> all);

}  // namespace quartet::detail
