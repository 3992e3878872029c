// SPDX-License-Identifier: Apache-2.0
// Two threads that take the same locks, each in its own order.
#include <quartet/jobs/races/detail/together.hpp>
#include <quartet/seam/mutex.hpp>

#include "bugs.hpp"

namespace quartet::jobs::races {

void two_locks() {
  seam::mutex a, b;
  auto const there = [&] { seam::guard const first(a), second(b); };
  auto const back = [&] { seam::guard const first(b), second(a); };
  together(there, back);
}

}  // namespace quartet::jobs::races
