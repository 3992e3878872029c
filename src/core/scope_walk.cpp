// SPDX-License-Identifier: Apache-2.0
// The guard of those who walk.
#include <quartet/core/detail/scope_walk.hpp>
#include <quartet/seam/each_process.hpp>

namespace quartet::detail {

// In the child of a fork nobody can unlock what a thread of the parent had locked.
seam::mutex* scope_walk::guard() noexcept {
  static constinit seam::each_process<seam::mutex> guards;
  return guards.get();
}

void scope_walk::close(seam::atomic<int>& reasons) noexcept {
  seam::mutex* const walkers = guard();
  if (walkers != nullptr) walkers->lock();
  reasons.fetch_sub(1, seam::seq_cst);
  open_.fetch_sub(1, seam::seq_cst);
  if (walkers != nullptr) walkers->unlock();
}

void scope_walk::wait_for_walkers() noexcept {
  if (seam::mutex* const walkers = guard()) seam::guard const g(*walkers);
}

}  // namespace quartet::detail
