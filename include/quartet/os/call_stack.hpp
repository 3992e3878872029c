// SPDX-License-Identifier: Apache-2.0
// The functions that another thread of this process is in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace quartet::os {

/// Where a thread is, as far as its calls are concerned.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct stack_place {
  std::uintptr_t code = 0;                    ///< the instruction
  std::uintptr_t stack = 0;                   ///< the top of the stack
  std::optional<std::uintptr_t> frame;        ///< the frame pointer; nothing: not known
  std::uintptr_t bottom = ~std::uintptr_t();  ///< whose frame reaches above that is left out
};

/// Where each of those functions goes on, the innermost first, `at.code` being the first; at most
/// `most`. A thread that goes on meanwhile makes nonsense of it, but no harm: memory that is gone
/// is not read. The list ends early where there are no unwind tables, or rules in them that
/// compilers use in signal handlers alone, and on processors other than x86-64 after the first.
///
/// Source: DWARF 5, section 6.4, as the System V ABI for x86-64 has it in .eh_frame. Where a
/// function is addressed by a frame pointer that is not known, its return address is found as the
/// first one on the stack behind a call of that very function.
std::vector<void const*> call_stack(stack_place const& at, std::size_t most = 32);

}  // namespace quartet::os
