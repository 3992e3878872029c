// SPDX-License-Identifier: Apache-2.0
// Leaving out what a failure does not need.
#include "shorten.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <quartet/exec/sim/detail/minimise.hpp>

namespace quartet::detail {

namespace {

// Those of `threads` that are not among `present`; number 0 always is.
sim::script absences(std::vector<unsigned> const& present, unsigned threads) {
  sim::script s;
  for (unsigned i = 1; i < threads; ++i)
    if (std::ranges::find(present, i) == present.end()) s.push_back({sim::differs::absence, i});
  return s;
}

schedule like(schedule const& s, sim::script by) { return {s.seed, std::move(by), s.stop_at}; }

sim::script joined(sim::script a, sim::script const& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

sim::script without_threads(schedule const& s, unsigned threads, try_schedule const& run,
                            std::size_t& tries) {
  std::vector<unsigned> all(threads - 1);
  std::iota(all.begin(), all.end(), 1U);
  auto const fails = [&](std::vector<unsigned> const& present) {
    sim::script const absent = absences(present, threads);
    return run(like(s, joined(*s.by, absent))).alike && run(like(s, absent)).passes;
  };
  return absences(sim::take_out(all, fails, tries), threads);
}

}  // namespace

schedule shorten(schedule s, std::span<std::uint64_t const> turns, try_schedule const& run,
                 std::size_t tries) {
  auto const shortest = [&](auto const& fails) {
    return sim::with_one_switch(sim::minimise(*s.by, fails, tries), turns, fails, tries);
  };
  s.by = shortest([&](sim::script const& by) { return run(like(s, by)).alike; });
  auto const threads = static_cast<unsigned>(turns.size());
  if (threads < 3 || !run(like(s, {})).passes) return s;
  sim::script const absent = without_threads(s, threads, run, tries);
  if (absent.empty()) return s;
  auto const fails = [&](sim::script const& by) { return run(like(s, joined(by, absent))).alike; };
  s.by = joined(shortest(fails), absent);
  return s;
}

std::uint64_t inevitable_after(schedule const& s, std::uint64_t operations, try_schedule const& run,
                               unsigned continuations) {
  auto const all_fail = [&](std::uint64_t after) {
    for (unsigned i = 0; i != continuations; ++i)
      if (run({s.seed, s.by, s.stop_at, branch{after, i}}).passes) return false;
    return true;
  };
  std::uint64_t low = 0, high = operations;  // they all fail after `high`
  while (low != high) {
    std::uint64_t const middle = low + (high - low) / 2;
    if (all_fail(middle))
      high = middle;
    else
      low = middle + 1;
  }
  return high;
}

}  // namespace quartet::detail
