// SPDX-License-Identifier: Apache-2.0
// What is to be explored, which is not taken if nobody can mean it.
#pragma once

#include <quartet/test/explore.hpp>

namespace quartet::detail {

/// Errors: std::invalid_argument for numbers that mean nothing. They are the program's: its author
/// is told.
void refuse_absurd(explore_options const& o);

}  // namespace quartet::detail
