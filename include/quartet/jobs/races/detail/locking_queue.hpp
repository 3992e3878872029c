// SPDX-License-Identifier: Apache-2.0
// Work-stealing queues: the owner works at one end, thieves at the other, and both may want the
// last item.
#pragma once

#include <array>
#include <cstddef>

#include <quartet/jobs/races/detail/version.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/mutex.hpp>

namespace quartet::jobs::races {

inline constexpr int nothing = -1;

/// Where the items stand, whoever takes them.
struct queue_ends {
  seam::atomic<int> head{0}, tail{0};
  std::array<seam::atomic<int>, 8> slots;

  seam::atomic<int>& slot(int i) { return slots[static_cast<std::size_t>(i) % slots.size()]; }
  int at(int i) { return slot(i).load(seam::relaxed); }
  void push(int x) {
    int const t = tail.load(seam::relaxed);
    slot(t).store(x, seam::relaxed);
    tail.store(t + 1, seam::seq_cst);
  }
};

/// Thieves lock; the owner locks for the last item only. Broken: not even then.
/// Threads: one pushes and pops, others steal. Stop: not concerned. Errors: none.
/// Lifetime: a value.
template <version v> struct locking_queue : queue_ends {
  seam::mutex m;

  int pop() {
    int const t = tail.load(seam::relaxed) - 1;
    tail.store(t, seam::seq_cst);
    int const h = head.load(seam::seq_cst);
    if (v == broken ? h <= t : h < t) return at(t);
    seam::guard const g(m);
    if (head.load(seam::seq_cst) <= t) return at(t);
    tail.store(t + 1, seam::seq_cst);
    return nothing;
  }
  int steal() {
    seam::guard const g(m);
    int const h = head.load(seam::seq_cst);
    if (h >= tail.load(seam::seq_cst)) return nothing;
    int const x = at(h);
    head.store(h + 1, seam::seq_cst);
    return x;
  }
};

}  // namespace quartet::jobs::races
