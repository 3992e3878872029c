// SPDX-License-Identifier: Apache-2.0
// Guesses which word was meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quartet::cli {

/// The candidate that is at most two edits away from `word`, the nearest one; empty if none is.
/// An edit adds, drops or changes a letter.
std::string nearest(std::string_view word, std::vector<std::string> const& candidates);

}  // namespace quartet::cli
