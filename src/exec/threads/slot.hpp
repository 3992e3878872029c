// SPDX-License-Identifier: Apache-2.0
// What makes a thread a worker: the right to run, a deque, and where it stole last.
#pragma once

#include <quartet/base/random.hpp>
#include <quartet/core/call.hpp>
#include <quartet/lockfree/deque.hpp>
#include <quartet/seam/shared.hpp>

#include "tally.hpp"

namespace quartet::detail::pool {

/// One of the pool's places for running threads. It goes from thread to thread when one blocks.
/// Threads: `ready` as the deque says; everything else belongs to the thread that holds it; it
/// changes hands under the crew's guard. Stop: not concerned. Errors: none.
/// Lifetime: as long as the pool.
struct alignas(64) slot {
  explicit slot(unsigned number) noexcept : random(random_stream(number)), victim(number + 1) {}

  lockfree::deque<work_item> ready;
  watched<random_stream> random;
  // What its holders have done, in all.
  tally steals, failed_steals, parks, spills, budget_yields;
  watched<unsigned> victim;  // where to steal next: the last one that had something
};

}  // namespace quartet::detail::pool
