// SPDX-License-Identifier: Apache-2.0
// One line in main for programs that are not linked with --wrap=main.
#pragma once

namespace quartet {

/// Turns this process into the parent of worker processes if it was started for that; returns at
/// once otherwise. Worker processes begin as a fresh start of the same program, so something must
/// keep its `main` from running again. Programs that link the CMake target quartet::quartet have
/// that from the linker; all others call this first in `main`:
/// ```
/// int main(int argc, char** argv) {
///   quartet::worker_guard(argc, argv);
/// ```
/// Threads: the main thread, before any other is started. Blocks: never, in a program's own
/// process. Errors: none; a program with neither guard is refused by the first pool that starts
/// workers.
void worker_guard(int argc, char** argv);

}  // namespace quartet
