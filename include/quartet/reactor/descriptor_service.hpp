// SPDX-License-Identifier: Apache-2.0
// The interface through which tasks wait for descriptors of their executor.
#pragma once

#include <quartet/os/poller.hpp>
#include <quartet/reactor/watcher.hpp>

namespace quartet {

/// Watches descriptors for one executor.
/// Threads: all members concurrently. Stop: not concerned. Errors: `watch` throws
/// std::system_error. Lifetime: outlives what is watched.
class descriptor_service {
 public:
  /// Calls `w.ready` when `number` is ready for `what`.
  virtual void watch(int number, os::interest what, watcher& w) = 0;
  /// Ends watching. `ready` is not running when this returns, unless called from inside it.
  virtual void unwatch(watcher& w) noexcept = 0;

 protected:
  ~descriptor_service() = default;
};

}  // namespace quartet
