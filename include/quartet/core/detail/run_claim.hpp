// SPDX-License-Identifier: Apache-2.0
// Who runs a call that stands in two places.
//
// A call that lies in a worker's deque cannot be taken out of its middle. When it is raised it is
// therefore put into a second place, where calls of its new level stand; the first who comes to it
// runs it, and whoever comes later finds it taken.
//
// Whoever runs a call marks it begun (1) and looks whether it is sought (2), with a fence of the
// compiler between: that is what every call pays. Whoever is about to put it into a second place
// marks it sought (3), makes a heavy fence, and looks whether it has begun (4). Then (4) sees (1),
// and it stays in one place; or (2) sees (3), and so does every later look: all who come to run it
// meet in the exchange (5), which one of them wins; it hands nothing over. Who finds it in its
// second place may be there before it has arrived in the first: that it was given (6) releases, and
// seeking (7) acquires, what was written before.
#pragma once

#include <quartet/seam/atomic.hpp>

namespace quartet::detail {

/// Threads: all members concurrently. Stop: not concerned. Errors: none. Lifetime: in its call.
class run_claim {
 public:
  /// The executor has the call from here on.
  template <class W> void given() noexcept { given_.store(true, seam::release, W::here()); }  // (6)

  /// For each who comes to run it. False: another one has, or will.
  bool begin() noexcept {
    begun_.store(true, seam::relaxed, known);  // (1)
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (!sought_.load(seam::relaxed, known)) [[likely]]  // (2)
      return true;
    return begin_sought();
  }

  /// Whether it is with its executor and seems to wait there. Cost: two loads.
  bool waits() const noexcept {
    return given_.load(seam::acquire) && !begun_.load(seam::relaxed);  // (7)
  }
  /// After `waits`. True: it may be put into one more place. False: it has begun, or the system has
  /// no fence for all.
  bool seek() noexcept {
    sought_.store(true, seam::relaxed);                         // (3)
    return seam::heavy_fence() && !begun_.load(seam::relaxed);  // (4)
  }

 private:
  // Out of line: it would cost registers where the usual way needs none.
  [[gnu::noinline, gnu::cold]] bool begin_sought() noexcept {
    return !taken_.exchange(true, seam::relaxed);  // (5)
  }

  // For (1) and (2), which order nothing: a machine that takes them for one step meets all the same
  // outcomes with (3) and (4), and schedules stay as short as they were.
  static constexpr seam::quiet known{};
  seam::atomic<bool> given_{false};
  seam::atomic<bool> begun_{false};
  seam::atomic<bool> sought_{false};
  seam::atomic<bool> taken_{false};
};

}  // namespace quartet::detail
