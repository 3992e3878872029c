// SPDX-License-Identifier: Apache-2.0
// What the tables for exceptions say about the caller of a function.
#pragma once

#include <cstdint>
#include <optional>

namespace quartet::os {

/// How to get from one frame to that of the caller, at one instruction. The frame's address is
/// what the stack pointer was before the call. Units: bytes.
struct unwind_rule {
  /// Processor registers by the numbers of DWARF on x86-64; `unknown` is none of them.
  enum : std::uint64_t { frame_pointer = 6, stack_pointer = 7, return_address = 16, unknown = 99 };

  std::uintptr_t function = 0;   ///< where it begins
  std::uint64_t base = unknown;  ///< the frame's address is this register ...
  std::int64_t offset = 0;       ///< ... and so many more
  /// Where the return address lies, from the frame's address; nothing: there is no caller.
  std::optional<std::int64_t> saved_return;
  /// Where the caller's frame pointer lies; nothing: it is in its register.
  std::optional<std::int64_t> saved_frame;
};

/// For the function that the instruction is in; nothing without tables, or if they say it by what
/// is not written down here.
std::optional<unwind_rule> unwind_rule_at(std::uintptr_t code) noexcept;

}  // namespace quartet::os
