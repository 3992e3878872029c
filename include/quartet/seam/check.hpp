// SPDX-License-Identifier: Apache-2.0
// What a program says about itself, for whoever explores it: what must hold, what should happen at
// least once, and where a fault may strike.
#pragma once

#include <quartet/base/place.hpp>

namespace quartet {

/// `holds` must be true here. In a simulated run a false one is the failure of the run, at once;
/// elsewhere it ends the program with a message, like QUARTET_ASSERT.
/// Threads: any. Blocks: never. Errors: as said.
/// Lifetime: `what` is a literal.
void check(bool holds, char const* what = "a check", place where = place::here()) noexcept;

/// As `check`, for what holds whenever this line is passed; the name appears in reports.
inline void always(bool holds, char const* what, place where = place::here()) noexcept {
  check(holds, what, where);
}

/// `happens` should be true here in at least one of the explored runs. If it never is, the
/// exploration has not reached what it was written for, and says so. Elsewhere: nothing.
void sometimes(bool happens, char const* what, place where = place::here()) noexcept;

/// Whether a fault is to strike here: the caller then behaves as if the named thing had gone
/// wrong. Decided by the seed in a simulated run; elsewhere always false.
/// Cost: one predicted branch on a process-wide flag.
bool fault_point(char const* name, place where = place::here()) noexcept;

/// From here to the end of the simulated run no fault strikes any more: what follows may check that
/// the program recovers from those that have. Elsewhere: nothing.
/// Example: test/explore_faults.test.cpp, after_the_faults_the_program_must_recover.
void faults_end() noexcept;

}  // namespace quartet
