// SPDX-License-Identifier: Apache-2.0
// Every flag once: its name, its help, what it accepts, what it sets.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <quartet/seam/clock.hpp>

#include "arguments.hpp"

namespace quartet::cli {

/// `--width N`: 1 to 65,500, the widest JPEG.
void width_flag(arguments& a, unsigned& into);
/// `--quality Q`: 1 to 100.
void quality_flag(arguments& a, int& into);
/// `--on MODEL`: one model.
void model_flag(arguments& a, std::string& into);
/// `--on MODEL,...`: several models, each once; left empty if it is not given.
void models_flag(arguments& a, std::vector<std::string>& into);
/// `--workers N`: 1 to as many as a pool has at most; left 0 if it is not given.
void workers_flag(arguments& a, unsigned& into);
/// `--rounds N`: 1 to 1,000.
void rounds_flag(arguments& a, unsigned& into);
/// `--keep OUT`: a folder that keeps what would be thrown away.
void keep_flag(arguments& a, std::string& into);
/// `--quiet`: no progress.
void quiet_flag(arguments& a, bool& into);
/// `--seed TOKEN`: a schedule, as a report names it; left empty if it is not given.
void schedule_flag(arguments& a, std::string& into);
/// `--points`: which source files are reached.
void points_flag(arguments& a, bool& into);
/// `--demo`: bugs of its own.
void demo_flag(arguments& a, bool& into);
/// `--seconds N`: 0.001 to 3,600, fractions too; left empty if it is not given.
void seconds_flag(arguments& a, std::optional<duration>& into);
/// `--json`: the result for programs.
void json_flag(arguments& a, bool& into);

}  // namespace quartet::cli
