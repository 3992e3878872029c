// SPDX-License-Identifier: Apache-2.0
// Two data that belong together, brought up to date one after the other.
#define QUARTET_CHECK 1
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

/// The second datum follows in a critical section of its own. All data are locked: no race. One
/// reader comes last; only before the first of the writers has ended can it see anything.
template <version v, int writers> void two_stage() {
  seam::mutex first, second;
  shared<int> one{0}, two{0};
  auto const writes = [&] {
    first.lock();
    one = 1;
    if (v == broken) first.unlock();
    second.lock();
    two = 2;
    second.unlock();
    if (v == mended) first.unlock();
  };
  auto const reads = [&] {
    first.lock();
    int const seen = one;
    if (v == broken) first.unlock();
    if (seen != 0) {
      seam::guard const g(second);
      check(two == seen + 1, "both stages are done");
    }
    if (v == mended) first.unlock();
  };
  crowd(writers + 1, [&](int i) { i == writers ? reads() : writes(); });
}

/// Setters write a, then b; the checker, which comes last, must not see a half pair.
template <version v, int setters> void reorder() {
  seam::mutex m;
  seam::atomic<int> a{0}, b{0};
  auto const sets = [&] {
    a.store(1, seam::release);
    b.store(-1, seam::release);
  };
  auto const checks = [&] {
    int const seen_a = a.load(seam::acquire), seen_b = b.load(seam::acquire);
    check(seen_a == -seen_b, "a pair is whole");
  };
  crowd(setters + 1, [&](int i) {
    if (v == mended) m.lock();
    i == setters ? checks() : sets();
    if (v == mended) m.unlock();
  });
}

template <int n>
sim_case two_stages(int number, char const* name, double mean_max, unsigned heavy) {
  return {.number = number,
          .name = name,
          .idea = "the second update in a second critical section (SCTBench twostage)",
          .broken = two_stage<broken, n>,
          .mended = two_stage<mended, n>,
          .shows = verdict::check,
          .mean_max = mean_max,
          .heavy = heavy};
}

template <int n> sim_case reordered(int number, char const* name, double mean_max, unsigned heavy) {
  return {.number = number,
          .name = name,
          .idea = "a pair seen between its two writes (SCTBench reorder)",
          .broken = reorder<broken, n>,
          .mended = reorder<mended, n>,
          .shows = verdict::check,
          .mean_max = mean_max,
          .heavy = heavy};
}

}  // namespace

std::vector<sim_case> stage_cases() {
  return {
      two_stages<1>(10, "two_stage", 50, 1),       two_stages<19>(11, "two_stage_20", 50, 10),
      two_stages<49>(11, "two_stage_50", 50, 40),  two_stages<99>(11, "two_stage_100", 454, 100),
      reordered<3>(12, "reorder_3", 50, 1),        reordered<4>(12, "reorder_4", 50, 1),
      reordered<5>(12, "reorder_5", 50, 1),        reordered<10>(13, "reorder_10", 50, 4),
      reordered<20>(13, "reorder_20", 50, 10),     reordered<50>(14, "reorder_50", 50, 40),
      reordered<100>(14, "reorder_100", 194, 100),
  };
}

}  // namespace quartet::cases
