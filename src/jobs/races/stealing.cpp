// SPDX-License-Identifier: Apache-2.0
// A work-stealing queue: the owner works at one end, a thief at the other, and both may want the
// last item.
#include <array>

#include <quartet/seam/atomic.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/mutex.hpp>

#include "bugs.hpp"
#include "together.hpp"

namespace quartet::jobs::races {

namespace {

constexpr int nothing = -1, items = 3;

/// The thief locks. The owner does so only where it finds nothing, and so not for the last item.
struct queue {
  seam::atomic<int> head{0}, tail{0};
  std::array<seam::atomic<int>, items> slots;
  seam::mutex m;

  int at(int i) { return slots[static_cast<std::size_t>(i)].load(seam::relaxed); }
  void push(int x) {
    int const t = tail.load(seam::relaxed);
    slots[static_cast<std::size_t>(t)].store(x, seam::relaxed);
    tail.store(t + 1, seam::seq_cst);
  }
  int pop() {
    int const t = tail.load(seam::relaxed) - 1;
    tail.store(t, seam::seq_cst);
    if (head.load(seam::seq_cst) <= t) return at(t);
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

}  // namespace

/// Source: the idea is SCTBench's work stealing queue.
void unlocked_pop() {
  queue q;
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
