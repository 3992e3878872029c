// SPDX-License-Identifier: Apache-2.0
// The process in which something is at home: a fork copies its memory, but not its threads.
#pragma once

#include <cstdint>

#include <quartet/seam/atomic.hpp>

namespace quartet::seam {

namespace detail {
// Written in a new process alone, while it has one thread.
extern constinit std::atomic<std::uint32_t> forks [[gnu::visibility("hidden")]];
}  // namespace detail

/// How many calls of fork() led from the first process to this one. One that was made by a bare
/// system call is not noticed.
inline std::uint32_t forks() noexcept { return detail::forks.load(std::memory_order_relaxed); }

/// Remembers the process that used an object first. Before that the object is at home everywhere:
/// it has no threads that could be missed.
/// Threads: all members concurrently. Stop: not concerned. Errors: none. Lifetime: a member.
class home_process {
 public:
  /// Whether this is it; the first who asks makes it so. Cost: two loads.
  bool is_here() noexcept {
    std::uint32_t const here = forks() + 1;
    std::uint32_t home = home_.load(relaxed, quiet());
    if (home == here) [[likely]]
      return true;
    return home == 0 &&
           (home_.compare_exchange(home, here, relaxed, relaxed, quiet()) || home == here);
  }
  /// Whether it is another one: this process was forked from it since.
  bool is_elsewhere() const noexcept {
    std::uint32_t const home = home_.load(relaxed, quiet());
    return home != 0 && home != forks() + 1;
  }

 private:
  atomic<std::uint32_t> home_{0};  // forks() + 1; 0: not used yet
};

}  // namespace quartet::seam
