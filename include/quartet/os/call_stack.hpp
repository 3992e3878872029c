// SPDX-License-Identifier: Apache-2.0
// The functions that another thread is in, read from its stack.
#pragma once

#include <cstdint>
#include <vector>

namespace quartet::os {

/// Where the calls return to that a thread is in, the innermost first, beginning with `code`
/// itself. `code`, `stack`: its next instruction and the top of its stack, as a look at it says.
///
/// The stack is searched for addresses behind call instructions: nothing in a program says where
/// the frames of another thread end without reading its unwind tables. A direct call is believed if
/// it calls the function found before; an indirect one always. So an old address may slip in, and a
/// caller that ended by jumping elsewhere is not seen.
/// Cost: reads at most 64 KiB. Blocks: while somebody loads or unloads a shared library.
std::vector<std::uintptr_t> call_stack(std::uintptr_t code, std::uintptr_t stack);

}  // namespace quartet::os
