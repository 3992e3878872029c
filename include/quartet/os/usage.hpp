// SPDX-License-Identifier: Apache-2.0
// What a process has used: CPU time and peak memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace quartet::os {

/// CPU time since the start, and the most memory that was resident at one time.
/// Units: nanoseconds, bytes. Threads: a value. Stop: not concerned. Errors: none.
/// Lifetime: a value.
struct usage {
  std::chrono::nanoseconds user{};
  std::chrono::nanoseconds system{};
  std::size_t peak_memory_bytes = 0;  ///< 0: the system does not tell
  std::chrono::nanoseconds cpu() const noexcept { return user + system; }
};

/// Of this process, all threads. Peak since `reset_peak_memory`. Units: microsecond resolution.
usage own_usage() noexcept;

/// Of all ended and reaped children and theirs; the peak is that of the largest one.
usage children_usage() noexcept;

/// Of another process; nothing if there is none. Units: CPU in clock ticks, 10 ms as a rule.
/// A zombie still has its CPU time, but no memory.
std::optional<usage> usage_of(int pid);

/// Lets this process's peak begin anew at what is resident now; false if the system refuses.
bool reset_peak_memory() noexcept;

}  // namespace quartet::os
