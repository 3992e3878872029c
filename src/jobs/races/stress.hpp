// SPDX-License-Identifier: Apache-2.0
// A bug left to the real machine.
#pragma once

#include <quartet/jobs/races/races.hpp>

namespace quartet::jobs::races {

/// Runs `body` on real threads again and again, until so much time has passed in runs.
/// Blocks: the thread; a run that hangs is waited for, for a second.
/// Errors: std::system_error, std::runtime_error if a process or its threads cannot be started.
stress_figures stress(void (*body)(), duration time);

}  // namespace quartet::jobs::races
