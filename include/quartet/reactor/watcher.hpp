// SPDX-License-Identifier: Apache-2.0
// Something that is told when a descriptor is ready, and who tells it.
#pragma once

#include <cstddef>

#include <quartet/os/poller.hpp>

namespace quartet {

/// Embedded where it is used: watching allocates nothing lasting.
/// Threads: owned by one; `ready` runs on the thread that drives the reactor.
/// Stop: not concerned. Errors: none; `ready` must not throw nor block.
/// Lifetime: unwatched before it dies and before its descriptor is closed.
struct watcher {
  using function = void (*)(watcher&, os::poll_event) noexcept;
  explicit watcher(function f) noexcept : ready(f) {}
  watcher(watcher const&) = delete;
  watcher& operator=(watcher const&) = delete;

  function ready;
  int number = -1;       ///< the reactor's own: the descriptor; negative: not watched
  std::size_t slot = 0;  ///< the reactor's own: its place in the table
};

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
