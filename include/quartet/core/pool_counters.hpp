// SPDX-License-Identifier: Apache-2.0
// What the workers of a pool have done so far, in numbers.
#pragma once

#include <cstdint>

#include <quartet/seam/clock.hpp>

namespace quartet {

/// Counts since the pool was made; each is exact once the pool is idle, and never goes back.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct pool_counters {
  std::uint64_t steals = 0;         ///< calls or forks that a worker took from another
  std::uint64_t failed_steals = 0;  ///< looks at all others that found nothing
  std::uint64_t parks = 0;          ///< times a worker lay down for want of work
  std::uint64_t wakes = 0;          ///< times somebody had to be woken for new work
  std::uint64_t spills = 0;         ///< calls that found the deque of their worker full
  std::uint64_t budget_yields = 0;  ///< turns of tasks that ended with their budget
  duration longest_wait{};          ///< in the queue from outside; one call in 256 is timed
};

}  // namespace quartet
