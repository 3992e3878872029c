// SPDX-License-Identifier: Apache-2.0
// A bug looked for by the explorer.
#pragma once

#include <quartet/jobs/races/races.hpp>

namespace quartet::jobs::races {

/// Explores `body` so many times, each time by other seeds, until a schedule fails.
/// Blocks: the thread. Errors: std::system_error, std::runtime_error as `measure_races`.
search_figures search(void (*body)(), unsigned trials, std::uint64_t schedules_max);

}  // namespace quartet::jobs::races
