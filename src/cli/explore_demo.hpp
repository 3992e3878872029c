// SPDX-License-Identifier: Apache-2.0
// `quartet explore --demo`.
#pragma once

#include <quartet/cli/run.hpp>
#include <quartet/jobs/races/races.hpp>

namespace quartet::cli {

/// Measures the small bugs and prints the table, each row when it is there. The exit code: whether
/// every try of the explorer has found its bug.
int explore_demo(jobs::races_options const& options, streams& io);

}  // namespace quartet::cli
