// SPDX-License-Identifier: Apache-2.0
// Something that is told when a descriptor is ready.
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

}  // namespace quartet
