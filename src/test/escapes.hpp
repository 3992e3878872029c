// SPDX-License-Identifier: Apache-2.0
// Sees simulated threads that call the real machine behind the simulator's back.
#pragma once

#include <quartet/exec/sim/detail/world.hpp>

namespace quartet::detail {

/// While it lives, a thread of `w` that makes a call which the simulator does not control ends its
/// run as an escape; docs/explain/simulator.md lists the calls. A thread that comes to a static
/// variable which another one is initialising lets that one go on.
/// The first one changes the process for good: calls then go through us, and on unless a simulated
/// thread makes them. So it is for processes that only explore.
/// Under the sanitizers, which have the same functions in their hands, it does nothing.
/// Threads: belongs to one; one at a time. Stop: not concerned. Errors: none.
/// Lifetime: `w` outlives it.
class escape_watch {
 public:
  explicit escape_watch(sim::world& w);
  escape_watch(escape_watch const&) = delete;
  escape_watch& operator=(escape_watch const&) = delete;
  ~escape_watch();

  /// Whether it can do anything in this build.
  static bool sees() noexcept;
};

}  // namespace quartet::detail
