// SPDX-License-Identifier: Apache-2.0
// What is to be explored: the options and the environment's last word, neither taken if absurd.
#pragma once

#include <optional>
#include <string>

#include <quartet/test/explore.hpp>

#include "trial.hpp"

namespace quartet::detail {

/// Errors: std::invalid_argument for numbers that mean nothing. They are the program's: its author
/// is told.
void refuse_absurd(explore_options const& o);

/// The options with QUARTET_TIMES and QUARTET_FRESH in them.
explore_options with_environment(explore_options o);
/// What QUARTET_SEED names.
std::optional<schedule> asked_schedule();

/// Ends the process with exit code 2, and a line on standard error. A variable is of whoever starts
/// the program, which need not catch anything.
[[noreturn]] void refuse_variable(char const* name, std::string const& why);

}  // namespace quartet::detail
