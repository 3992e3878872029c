// SPDX-License-Identifier: Apache-2.0
// Work-stealing queues: the owner works at one end, thieves at the other, and both may want the
// last item.
#include <array>

#include <quartet/jobs/races/detail/locking_queue.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

using jobs::races::locking_queue, jobs::races::nothing, jobs::races::queue_ends;

/// Thieves exchange the head, and so does the owner for the last item. Broken: it just takes it.
template <version v> struct interlocked : queue_ends {
  int pop() {
    int const t = tail.load(seam::relaxed) - 1;
    tail.store(t, seam::seq_cst);
    int h = head.load(seam::seq_cst);
    if (h < t) return at(t);
    bool mine = h == t;
    if (v == broken && mine) head.store(h + 1, seam::seq_cst);
    if (v == mended && mine) mine = head.compare_exchange(h, h + 1, seam::seq_cst, seam::relaxed);
    int const x = mine ? at(t) : nothing;
    tail.store(t + 1, seam::seq_cst);
    return x;
  }
  int steal() {
    int h = head.load(seam::seq_cst);
    if (h >= tail.load(seam::seq_cst)) return nothing;
    int const x = at(h);
    return head.compare_exchange(h, h + 1, seam::seq_cst, seam::relaxed) ? x : nothing;
  }
};

/// What an item is for: to be done once.
template <bool with_state> struct items {
  enum : int { waiting, running, done };
  std::array<seam::atomic<int>, 3> all;

  void run(int i) {
    if (i == nothing) return;
    seam::atomic<int>& state = all[static_cast<std::size_t>(i)];
    check(state.exchange(running, seam::relaxed) == waiting, "nobody else took it");
    if (!with_state) return;
    check(state.exchange(done, seam::relaxed) == running, "nobody else runs it");
  }
};

template <template <version> class queue, version v, bool with_state> void stealing() {
  queue<v> q;
  items<with_state> work;
  together(
      [&] {
        q.push(0);
        q.push(1);
        work.run(q.pop());
        q.push(2);
        work.run(q.pop());
        work.run(q.pop());
      },
      [&] {
        for (int i = 0; i != 3; ++i) work.run(q.steal());
      });
  for (int x = q.steal(); x != nothing; x = q.steal()) work.run(x);
  for (auto const& state : work.all)
    check(state.load(seam::relaxed) != items<with_state>::waiting, "each is done");
}

template <template <version> class queue, bool with_state> sim_case stolen(char const* name) {
  return {.number = 17,
          .name = name,
          .idea = "the last item popped without the lock (SCTBench work stealing queues)",
          .broken = stealing<queue, broken, with_state>,
          .mended = stealing<queue, mended, with_state>,
          .shows = verdict::check,
          .mean_max = 50};
}

}  // namespace

std::vector<sim_case> stealing_cases() {
  return {
      stolen<locking_queue, false>("work_stealing"),
      stolen<locking_queue, true>("work_stealing_with_state"),
      stolen<interlocked, false>("interlocked_stealing"),
      stolen<interlocked, true>("interlocked_stealing_with_state"),
  };
}

}  // namespace quartet::cases
