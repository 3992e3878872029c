// SPDX-License-Identifier: Apache-2.0
// The timer interface of executors: arm, cancel, fire.
#pragma once

#include <cstddef>

#include <quartet/seam/clock.hpp>

namespace quartet {

/// Something that happens at a time. Embedded where it is used: arming allocates nothing lasting.
/// Threads: owned by one; `fire` runs on the executor's thread. Stop: not concerned.
/// Errors: none; `fire` must not throw nor block.
/// Lifetime: cancelled, or fired and returned, before it dies.
struct timer {
  using function = void (*)(timer&) noexcept;
  explicit timer(function f) noexcept : fire(f) {}
  timer(timer const&) = delete;
  timer& operator=(timer const&) = delete;

  function fire;
  time_point when{};
  std::size_t slot = 0;      ///< the service's own: where the timer stands; 0: not armed
  std::size_t sequence = 0;  ///< the service's own: order among equal times
};

/// Fires timers of one executor, equal times in the order of arming.
/// Threads: all members concurrently. Stop: not concerned. Errors: `arm` may throw bad_alloc.
/// Lifetime: outlives every armed timer.
class timer_service {
 public:
  virtual void arm(timer&) = 0;
  /// True: it will not fire. False: it has fired, or was never armed. In both cases `fire` is not
  /// running when this returns, unless called from inside it.
  virtual bool cancel(timer&) noexcept = 0;

 protected:
  ~timer_service() = default;
};

}  // namespace quartet
