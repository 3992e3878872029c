// SPDX-License-Identifier: Apache-2.0
// Small bugs of threads: how often they show by themselves, and how soon to the explorer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <quartet/seam/clock.hpp>

namespace quartet::jobs {

/// How long is looked, and how often.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct races_options {
  duration stress = std::chrono::seconds(6);  ///< of each bug; one run at least
  unsigned trials = 100;                      ///< of the explorer for each bug, at least 1
  std::uint64_t schedules_max = 10'000;       ///< in a trial
};

/// What real threads have shown, made afresh in each run.
struct stress_figures {
  std::uint64_t runs = 0;
  std::uint64_t failures = 0;
  std::uint64_t first = 0;  ///< which run was the first to fail, from 1; 0: none
};

/// What the explorer has, in several trials with seeds of their own.
/// Units: both are medians until the first failure, in schedules and seconds; a trial that has
/// found nothing counts with all that it tried.
struct search_figures {
  unsigned trials = 0;
  unsigned found = 0;
  double schedules = 0;
  double seconds = 0;
};

/// One bug's figures.
struct race_row {
  std::string bug;
  stress_figures stress;
  search_figures search;
};

/// Runs each bug both ways, the same function; `told`, if given, hears each row when it is there.
/// Blocks: the thread, longer than `stress` by about a second for each run that hangs.
/// Errors: std::invalid_argument for no trials; std::system_error if no process or thread can be
/// started; std::runtime_error if built without the hooks of the seam (QUARTET_SIM=0).
std::vector<race_row> measure_races(races_options const& o,
                                    std::function<void(race_row const&)> const& told = {});

}  // namespace quartet::jobs
