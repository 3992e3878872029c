// SPDX-License-Identifier: Apache-2.0
// The hook through which progress, traces and counters see work begin and end.
#pragma once

#include <cstddef>

#include <quartet/base/outcome.hpp>
#include <quartet/core/pool_counters.hpp>

namespace quartet {

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
};

}  // namespace quartet
