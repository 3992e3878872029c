// SPDX-License-Identifier: Apache-2.0
// A mutex member.
// expect: job.guard
// expect: mutex
// expect: a lock guards memory of this process only
// expect: local<T>

#include <mutex>

#include "pool.hpp"

struct job {
  int n;
  std::mutex guard;
};
static_assert(quartet::explain_sendable<job>());
