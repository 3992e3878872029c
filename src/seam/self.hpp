// SPDX-License-Identifier: Apache-2.0
// The calling thread's machine without a call, for this module's functions that are not inlined.
#pragma once

#include <quartet/seam/context.hpp>

namespace quartet::seam::detail {

/// The machine of the calling thread if it is on one that is not the real one; else null.
inline machine* told_machine() noexcept {
  context const* const c = self;
  return c == nullptr ? nullptr : c->on;
}

}  // namespace quartet::seam::detail
