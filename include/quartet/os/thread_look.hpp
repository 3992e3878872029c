// SPDX-License-Identifier: Apache-2.0
// What another thread of this process does at this moment, without disturbing it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace quartet::os {

/// A look at a thread. Units: CPU time in clock ticks, 10 ms as a rule.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct thread_look {
  bool waits = false;              ///< asleep in the kernel: in a system call, or for its memory
  std::chrono::nanoseconds cpu{};  ///< CPU time since it began
  long system_call = -1;           ///< the number of the one it waits in; -1: none, or not known
  std::uintptr_t code = 0;         ///< where it goes on when that ends; 0: not known
  std::uintptr_t stack = 0;        ///< the top of its stack there; 0: not known
};

/// Looks at a thread of this process, by the number that the system gives it; nothing if there is
/// none. Cost: some small files of /proc. Errors: what a hardened kernel hides is not known.
std::optional<thread_look> look_at_thread(int id) noexcept;

/// The number of the calling thread.
int own_thread_id() noexcept;

/// `read`, `futex`; `system call 999` for one without a name here.
std::string name_of_system_call(long number);

/// Copies memory of this process that may be gone: how much of it could be read from the start.
/// What other threads write meanwhile may be half of the one and half of the other.
std::size_t copy_memory(void* to, void const* from, std::size_t size) noexcept;

}  // namespace quartet::os
