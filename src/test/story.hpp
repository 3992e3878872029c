// SPDX-License-Identifier: Apache-2.0
// A run in words: what went wrong, and what happened before.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <quartet/exec/sim/detail/outline.hpp>

namespace quartet::detail {

/// What went wrong: for a deadlock who waits for whom, for a race both uses, for a check its text
/// and place. Ends with a line break.
std::string what_went_wrong(sim::outline const& o);

/// The steps of a run, thread by thread as they took turns; `names[i]` is thread i's. Long turns
/// are cut in the middle, unless `all`.
std::string story_of(std::span<sim::step const> steps, std::vector<std::string> const& names,
                     bool all);

/// `bank.cpp:12 (withdraw)`.
std::string text_of(place const& where);

}  // namespace quartet::detail
