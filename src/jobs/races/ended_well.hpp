// SPDX-License-Identifier: Apache-2.0
// A child process that has done its work, or has not.
#pragma once

#include <quartet/test/detail/child.hpp>

namespace quartet::jobs::races {

/// Errors: std::runtime_error if a child that `does` something with a small bug has ended
/// otherwise.
void ended_well(char const* does, detail::child_end const& end);

}  // namespace quartet::jobs::races
