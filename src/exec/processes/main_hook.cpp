// SPDX-License-Identifier: Apache-2.0
// The guard that the linker option --wrap=main puts in front of main.
//
// By then all static initialisers have run, and nothing of the user's program has.
#include "role.hpp"

extern "C" {
void quartet_guard_by_linker() {}

// NOLINTBEGIN(bugprone-reserved-identifier): the linker demands these names
int __real_main(int argc, char** argv, char** environment);
int __wrap_main(int argc, char** argv, char** environment);

int __wrap_main(int argc, char** argv, char** environment) {
  if (quartet_become_zygote != nullptr) quartet_become_zygote();
  return __real_main(argc, argv, environment);
}
// NOLINTEND(bugprone-reserved-identifier)
}
