// SPDX-License-Identifier: Apache-2.0
// All bugs, each both ways.
#include <functional>
#include <stdexcept>

#include <quartet/jobs/races/races.hpp>
#include <quartet/seam/machine.hpp>

#include "bugs.hpp"
#include "search.hpp"
#include "stress.hpp"

namespace quartet::jobs {

std::vector<race_row> measure_races(races_options const& o,
                                    std::function<void(race_row const&)> const& told) {
  if (!QUARTET_SIM)
    throw std::runtime_error(
        "exploring needs the hooks of the seam: build quartet with QUARTET_SIM=ON");
  if (o.trials == 0) throw std::invalid_argument("there must be one trial at least");
  std::vector<race_row> rows;
  for (races::bug const& b : races::all_bugs()) {
    rows.push_back({b.name, races::stress(b.body, o.stress),
                    races::search(b.body, o.trials, o.schedules_max)});
    if (told) told(rows.back());
  }
  return rows;
}

}  // namespace quartet::jobs
