// SPDX-License-Identifier: Apache-2.0
// What is known of a call that is stuck, and how that is said.
#pragma once

#include <string>
#include <vector>

#include <quartet/core/detail/task_chain.hpp>
#include <quartet/os/code_place.hpp>
#include <quartet/seam/clock.hpp>

namespace quartet::detail::pool {

/// Threads: a value. Stop: not concerned. Errors: bad_alloc. Lifetime: a value.
struct stuck_call {
  std::string pool;
  bool spins = false;
  std::string system_call;         // in which it waits; empty: not known, or it spins
  duration since{};                // at least
  bool relieved = false;           // another thread has its place
  std::vector<void const*> stack;  // the innermost first: where each function goes on
  std::vector<task_line> tasks;    // its own first

  /// Which one it is: two of the same function have the same.
  std::string key() const;
  /// Lines for a person. Blocks: for addr2line.
  std::string text(os::code_places& places) const;
};

}  // namespace quartet::detail::pool
