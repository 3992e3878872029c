// SPDX-License-Identifier: Apache-2.0
// The bugs: each a function that makes all that it uses, so that it can run any number of times.
#pragma once

#include <span>

namespace quartet::jobs::races {

/// A program with one mistake. What it does is defined in any order of its threads, so that it can
/// run on the real machine as well as in a simulated one: a `check` fails, or it never ends.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: of the program.
struct bug {
  char const* name;
  void (*body)();
};

std::span<bug const> all_bugs();

void lost_update();
void check_then_act();
void two_stage_lock();
void reorder_5();
void unlocked_pop();
void aba();
void two_locks();

}  // namespace quartet::jobs::races
