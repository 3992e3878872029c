// SPDX-License-Identifier: Apache-2.0
// A descriptor that any thread makes readable: how a thread asleep in a poller is woken.
#pragma once

#include <quartet/base/place.hpp>
#include <quartet/os/fd.hpp>

namespace quartet::os {

/// An eventfd. Rings before a `drain` are seen as one.
/// Threads: `ring` any, also from a signal handler; `drain` by the one who waits.
/// Stop: not concerned. Errors: std::system_error when made. Lifetime: outlives each `ring`.
/// Ordering: what was written before `ring` is visible after the `drain` that saw it.
class doorbell {
 public:
  /// Errors: std::system_error if there are too many descriptors.
  doorbell();

  /// Makes the descriptor readable. Blocks: never. Cost: a system call.
  void ring(place where = place::here()) noexcept;

  /// Makes it unreadable again; whether it had been rung. Blocks: never.
  bool drain(place where = place::here()) noexcept;

  int descriptor() const noexcept { return event_.get(); }

 private:
  fd event_;
};

}  // namespace quartet::os
