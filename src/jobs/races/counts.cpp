// SPDX-License-Identifier: Apache-2.0
// Two steps that should have been one.
#include <quartet/jobs/races/detail/together.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/mutex.hpp>

#include "bugs.hpp"

namespace quartet::jobs::races {

/// Both may read the same number. It is atomic so that a real run of it means something; of a
/// plain one the explorer would report the data race, in every schedule.
void lost_update() {
  seam::atomic<int> done{0};
  auto const counts = [&] { done.store(done.load(seam::relaxed) + 1, seam::relaxed); };
  together(counts, counts);
  check(done.load(seam::relaxed) == 2, "both are counted");
}

/// There was something left when it was asked for.
void check_then_act() {
  seam::mutex m;
  int left = 1;
  auto const takes = [&] {
    m.lock();
    bool const some = left != 0;
    m.unlock();
    if (!some) return;
    seam::guard const g(m);
    check(left != 0, "what was seen is still there");
    --left;
  };
  together(takes, takes);
}

}  // namespace quartet::jobs::races
