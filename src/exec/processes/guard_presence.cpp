// SPDX-License-Identifier: Apache-2.0
// Whether this program was linked with one of the guards: their symbols are null if not.
#include "role.hpp"

namespace quartet::detail::processes {

bool guard_present() noexcept {
  return quartet_guard_by_linker != nullptr || quartet_guard_by_call != nullptr;
}

}  // namespace quartet::detail::processes
