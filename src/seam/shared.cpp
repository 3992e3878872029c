// SPDX-License-Identifier: Apache-2.0
// Uses of shared data, told to the machine.
#include <quartet/seam/shared.hpp>

namespace quartet::detail {

void announce_use(seam::use_kind what, void const* object) noexcept {
  seam::this_machine().use({what, object, __builtin_return_address(0)});
}

}  // namespace quartet::detail
