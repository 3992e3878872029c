// SPDX-License-Identifier: Apache-2.0
// What the zygote hands to a process that it has just forked.
#pragma once

#include <quartet/os/fd.hpp>

#include "protocol.hpp"

namespace quartet::detail::processes {

struct birth {
  os::packet_socket line;
  os::fd memory;
  os::fd doorbell;     // none for a plain process
  std::uint64_t size;  // of the request of a plain process
  int parent;          // pid of the zygote
};

/// Does nothing. Called by whoever starts zygotes: so a program that does so, and only that, has
/// what the guards refer to weakly.
void link_zygote() noexcept;

/// Serves calls until the pool closes the channel. In worker_main.cpp.
[[noreturn]] void worker_main(birth b) noexcept;

/// Runs the one call of a plain process. In once_main.cpp.
[[noreturn]] void once_main(birth b) noexcept;

/// Has this process end with the zygote.
void end_with(int parent) noexcept;

/// Flushes what is buffered and ends without destructors of static objects: those belong to the
/// program that this process is a copy of.
[[noreturn]] void leave(int code) noexcept;

}  // namespace quartet::detail::processes
