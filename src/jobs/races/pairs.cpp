// SPDX-License-Identifier: Apache-2.0
// Two data that belong together, brought up to date one after the other.
#include <quartet/jobs/races/detail/together.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/mutex.hpp>

#include "bugs.hpp"

namespace quartet::jobs::races {

/// The second datum follows in a critical section of its own.
/// Source: the idea is SCTBench's twostage.
void two_stage_lock() {
  seam::mutex first, second;
  int one = 0, two = 0;
  auto const writes = [&] {
    first.lock();
    one = 1;
    first.unlock();
    seam::guard const g(second);
    two = 2;
  };
  auto const reads = [&] {
    first.lock();
    int const seen = one;
    first.unlock();
    seam::guard const g(second);
    if (seen != 0) check(two == seen + 1, "both stages are done");
  };
  together(writes, reads);
}

/// Five threads write a, then b; another one, which comes last, must not see a half pair.
/// Source: the idea is SCTBench's reorder_5.
void reorder_5() {
  seam::atomic<int> a{0}, b{0};
  auto const sets = [&] {
    a.store(1, seam::release);
    b.store(-1, seam::release);
  };
  auto const looks = [&] {
    int const seen_a = a.load(seam::acquire), seen_b = b.load(seam::acquire);
    check(seen_a == -seen_b, "a pair is whole");
  };
  together(sets, sets, sets, sets, sets, looks);
}

}  // namespace quartet::jobs::races
