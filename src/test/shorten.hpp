// SPDX-License-Identifier: Apache-2.0
// From a schedule that fails to the shortest one, and to the step that decides it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "trial.hpp"

namespace quartet::detail {

/// How a schedule that was tried went.
struct tried {
  bool alike;   ///< it failed in the way in question
  bool passes;  ///< it did not fail at all
};
using try_schedule = std::function<tried(schedule const&)>;

/// What is left of a schedule that fails: of its switches, faults and threads as many as `tries`
/// runs can take out. A thread is taken out only if the body passes without it in plain order: else
/// it would be missed for what it does, and not for what goes wrong. Where one switch is enough
/// there is one, if `tries` runs can try them all; thread `i` comes to at most `turns[i]`.
schedule shorten(schedule s, std::span<std::uint64_t const> turns, try_schedule const& run,
                 std::size_t tries);

/// After how many operations of `s`, which fails and has so many, all of `continuations` random
/// ones fail. Source: the question "when did it become inevitable" is Antithesis'.
std::uint64_t inevitable_after(schedule const& s, std::uint64_t operations, try_schedule const& run,
                               unsigned continuations);

}  // namespace quartet::detail
