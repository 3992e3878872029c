// SPDX-License-Identifier: Apache-2.0
// What somebody else can see of a worker's progress.
#pragma once

#include <quartet/core/execution.hpp>
#include <quartet/seam/atomic.hpp>

#include "tally.hpp"

namespace quartet::detail::pool {

/// The signs of life of one thread of the pool. While `turns` stands still and the thread is not
/// idle, one call keeps it.
/// Threads: its thread writes all but `stuck`; the crew writes that, under its guard; all read.
/// Stop: not concerned. Errors: none. Lifetime: shared by the thread and who watches it.
struct alignas(64) pulse {
  explicit pulse(execution const& e) noexcept : task(&e.task) {}

  task_context* const* const task;  // which runs there; may be gone before the pulse is
  tally turns;                      // calls begun, and rests
  /// Asleep, between slots, or in a wait that the crew knows of: keeps nobody from anything.
  seam::atomic<bool> idle{true};
  /// Does not come back from its call: another thread has its room.
  seam::atomic<bool> stuck{false};
  seam::atomic<int> thread{0};             // the system's number; 0: not begun
  seam::atomic<std::uintptr_t> bottom{0};  // of the calls' stack
};

}  // namespace quartet::detail::pool
