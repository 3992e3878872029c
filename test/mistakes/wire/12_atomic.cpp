// SPDX-License-Identifier: Apache-2.0
// An atomic member.
// expect: job.counter
// expect: an atomic is shared by address
// expect: send its value

#include <atomic>

#include "pool.hpp"

struct job {
  std::atomic<int> counter;
};
static_assert(quartet::explain_sendable<job>());
