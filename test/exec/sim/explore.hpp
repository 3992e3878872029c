// SPDX-License-Identifier: Apache-2.0
// Programs for exhaustive exploration, and what it finds in them.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>

#include <quartet/exec/sim/detail/exhaustive.hpp>
#include <quartet/exec/sim/detail/world.hpp>

namespace quartet::test {

using detail::sim::coverage;
using detail::sim::exhaustive;
using detail::sim::exploration;
using detail::sim::outline;
using detail::sim::verdict;
using detail::sim::world;

/// A world, and who decides in it.
struct runner {
  world& in;
  detail::sim::strategy& by;
  template <class F> outline run(F&& body, bool gang_start = true) {
    return in.run(by, {.gang_start = gang_start}, std::forward<F>(body));
  }
};

/// How a run ended: its verdict and what it left behind, in words.
struct ending {
  std::string state;
  bool stopped;              // by a failure; equivalent runs are stopped at different times
  std::uint64_t class_hash;  // see outline
};

inline ending ending_of(outline const& o, std::initializer_list<std::int64_t> values = {}) {
  bool const stopped = o.how != verdict::ended && o.how != verdict::deadlock;
  ending e{name(o.how), stopped, o.class_hash};
  for (std::int64_t const v : values)
    if (!stopped) e.state += ' ' + std::to_string(v);
  return e;
}

/// One run.
using program = std::function<ending(runner)>;

/// What an exploration found.
struct findings {
  coverage covered = coverage::incomplete;
  std::uint64_t runs = 0, redundant = 0;
  std::set<std::string> states;
  std::set<std::uint64_t> classes;  // of equivalent schedules
};

/// Not more than so many failures: their stacks stay for ever.
inline findings explore(program const& p, exploration const& how,
                        std::uint64_t failures_max = 5'000) {
  world w;
  exhaustive all(how);
  findings f;
  std::uint64_t failures = 0;
  do {
    ending const e = p({w, all});
    failures += e.state.starts_with("ended") ? 0 : 1;
    if (all.redundant()) continue;
    f.states.insert(e.state);
    if (!e.stopped) f.classes.insert(e.class_hash);
  } while (failures < failures_max && all.next());
  f.covered = all.covered();
  f.runs = all.runs();
  f.redundant = all.redundant_runs();
  return f;
}

}  // namespace quartet::test
