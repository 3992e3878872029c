// SPDX-License-Identifier: Apache-2.0
// The hook through which progress, traces and counters see work begin and end.
#pragma once

#include <cstddef>
#include <string_view>

#include <quartet/base/outcome.hpp>
#include <quartet/core/pool_counters.hpp>
#include <quartet/seam/clock.hpp>

namespace quartet {

/// A call that keeps its worker and does not get on, while others wait.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: of the texts: of the report.
struct stuck_report {
  std::string_view pool;  ///< its name
  bool spins;             ///< goes round in a circle; false: waits in the system
  duration since;         ///< how long, at least
  std::string_view text;  ///< what would be printed: lines with the call's stack and its tasks
};

/// Told about the pieces of a group or of a bulk call, or of what the workers of a pool have done.
/// Pass a pointer in the options.
/// Threads: all members concurrently, from the threads that do the work; must be quick.
/// Stop: a stopped piece ends with `ending::stopped`. Errors: must not throw.
/// Lifetime: outlives the work it observes.
class observer {
 public:
  virtual ~observer() = default;
  /// `n` more pieces are to be done.
  virtual void on_added(std::size_t n) noexcept { (void)n; }
  /// One piece has ended, `how`.
  virtual void on_ended(ending how) noexcept { (void)how; }
  /// A pool ends, having done all this.
  virtual void on_counters(pool_counters const& all) noexcept { (void)all; }
  /// A worker of a pool is stuck; another thread does its work meanwhile. True: that is enough,
  /// print nothing. From a thread of its own, which may take its time.
  virtual bool on_stuck(stuck_report const& r) noexcept { return (void)r, false; }
};

}  // namespace quartet
