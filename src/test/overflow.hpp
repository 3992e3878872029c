// SPDX-License-Identifier: Apache-2.0
// Tells a stack overflow of a simulated thread from other crashes.
#pragma once

#include <quartet/exec/sim/detail/world.hpp>

namespace quartet::detail {

/// While it lives, a crash of a thread of `w` whose stack is full says so on standard error first.
/// Under address and thread sanitizer it does nothing: they say so themselves, or have the signal.
/// Threads: belongs to one; one at a time. Stop: not concerned.
/// Errors: none; without a second stack for the handler a crash is only a crash.
/// Lifetime: `w` outlives it.
class stack_watch {
 public:
  explicit stack_watch(sim::world const& w) noexcept;
  stack_watch(stack_watch const&) = delete;
  stack_watch& operator=(stack_watch const&) = delete;
  ~stack_watch();
};

}  // namespace quartet::detail
