// SPDX-License-Identifier: Apache-2.0
// A work-stealing queue: the owner works at one end, a thief at the other, and both may want the
// last item.
#include <array>

#include <quartet/jobs/races/detail/locking_queue.hpp>
#include <quartet/jobs/races/detail/together.hpp>
#include <quartet/seam/check.hpp>

#include "bugs.hpp"

namespace quartet::jobs::races {

namespace {

constexpr int items = 3;

}  // namespace

/// The owner locks only where it finds nothing, and so not for the last item.
/// Source: the idea is SCTBench's work stealing queue.
void unlocked_pop() {
  locking_queue<broken> q;
  std::array<seam::atomic<bool>, items> done;
  auto const run = [&](int i) {
    if (i == nothing) return;
    auto& mine = done[static_cast<std::size_t>(i)];
    check(!mine.exchange(true, seam::relaxed), "nobody else took the item");
  };
  auto const owns = [&] {
    q.push(0);
    q.push(1);
    run(q.pop());
    q.push(2);
    run(q.pop());
    run(q.pop());
  };
  auto const steals = [&] {
    for (int i = 0; i != items; ++i) run(q.steal());
  };
  together(owns, steals);
}

}  // namespace quartet::jobs::races
