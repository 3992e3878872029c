// SPDX-License-Identifier: Apache-2.0
// Walking from scope to scope, upwards, while those above may go.
#pragma once

#include <quartet/seam/atomic.hpp>
#include <quartet/seam/mutex.hpp>

namespace quartet::detail {

/// A scope knows the one above it until it is unlinked, and holds it until then. Whoever wants to
/// look further up than that has walks `open`ed for as long as he may, and looks inside the guard;
/// who unlinks, or ends a wait, clears what leads on, and lets those in the guard finish before
/// anything goes.
///
///   walker:   opens (count, then a fence for all threads); in the guard: reads what leads on
///   unlinker: clears what leads on; are walks open? then through the guard; lets go
///
/// Either the walker sees it cleared, or the unlinker sees that walks are open. Without open walks
/// an unlinker pays one load.
/// Threads: all members concurrently. Stop: not concerned. Errors: none. Lifetime: of the process.
class scope_walk {
 public:
  /// From now on until `close`, which many may do at once; counts `reasons` up. Who sees a reason
  /// in the guard may walk.
  static void open(seam::atomic<int>& reasons) noexcept {
    open_.fetch_add(1, seam::seq_cst);
    reasons.fetch_add(1, seam::seq_cst);
    seam::heavy_fence();
  }
  /// Counts `reasons` down, in the guard.
  static void close(seam::atomic<int>& reasons) noexcept;

  /// The guard for one who looks; null without memory: then he must not.
  static seam::mutex* guard() noexcept;

  /// Between clearing what leads on and letting go.
  template <class W = place> static void let_finish() noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (!seam::heavy_fence_reaches_all()) [[unlikely]]
      seam::fence(W::here());
    if (open_.load(seam::relaxed, W::here()) != 0) [[unlikely]]
      wait_for_walkers();
  }

 private:
  [[gnu::cold]] static void wait_for_walkers() noexcept;

  inline static constinit seam::atomic<int> open_{0};
};

}  // namespace quartet::detail
