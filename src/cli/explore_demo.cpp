// SPDX-License-Identifier: Apache-2.0
// The table of small bugs.
#include "explore_demo.hpp"

#include <algorithm>
#include <ostream>

#include "machine.hpp"
#include "text.hpp"

namespace quartet::cli {

int explore_demo(jobs::races_options const& options, streams& io) {
  races_outcome outcome{.options = options, .machine = facts(), .rows = {}};
  io.out << head_of(outcome) << std::flush;
  outcome.rows = jobs::measure_races(
      options, [&io](jobs::race_row const& r) { io.out << line_of(r) << std::flush; });
  io.out << foot_of(outcome);
  auto const always_found = [](jobs::race_row const& r) {
    return r.search.found == r.search.trials;
  };
  return std::ranges::all_of(outcome.rows, always_found) ? all_done : some_failed;
}

}  // namespace quartet::cli
