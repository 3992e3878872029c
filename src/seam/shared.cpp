// SPDX-License-Identifier: Apache-2.0
// Uses of shared data, told to the machine.
#include <quartet/seam/shared.hpp>

#include "self.hpp"

namespace quartet::detail {

void announce_use(seam::use_kind what, void const* object) noexcept {
  if (seam::machine* const on = seam::detail::told_machine())
    on->use({what, object, __builtin_return_address(0)});
}

}  // namespace quartet::detail
