// SPDX-License-Identifier: Apache-2.0
// The guard that a program calls itself.
#include <quartet/exec/processes/worker_guard.hpp>

#include "role.hpp"

extern "C" void quartet_guard_by_call() {}

void quartet::worker_guard(int, char**) {
  if (quartet_become_zygote != nullptr) quartet_become_zygote();
}
