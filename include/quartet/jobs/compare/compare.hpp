// SPDX-License-Identifier: Apache-2.0
// The same work under each model in turn, measured.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <quartet/models/make_executor.hpp>

namespace quartet::jobs {

/// What is compared, and how often.
/// Threads: a value. Stop: `stop` ends the comparison after the run under way.
/// Errors: see compare. Lifetime: `stop` outlives the comparison.
struct compare_options {
  std::vector<std::string> models = {};  ///< empty: all but simulated ones
  unsigned rounds = 3;                   ///< runs of each model, 1 to 1,000
  unsigned workers = 0;                  ///< of the parallel models; 0: as many as fit the machine
  stop_source* stop = nullptr;
};

/// Median and quartiles of several runs.
struct spread {
  double median = 0, q1 = 0, q3 = 0;
};
/// Of at least one value; quartiles by linear interpolation.
spread spread_of(std::vector<double> values);

/// One model's figures.
/// Units: seconds, items a second, bytes. `speed_up` is against the first model's median wall time.
/// `peak_memory` is the sum of the peak resident sets of this process and its workers, the largest
/// of all runs; pages that processes share are counted in each of them.
struct compare_row {
  std::string model;
  unsigned workers = 1;
  spread wall;
  double cpu = 0;
  double rate = 0;
  double speed_up = 1;
  std::uint64_t peak_memory = 0;
  unsigned runs = 0;
};

/// Does the work once on the executor; gives the number of items done.
using compare_work = std::function<std::size_t(any_executor&)>;

/// Runs `work` `rounds` times under each model, interleaved: every model in turn, then again.
/// A run includes making the executor and ending it.
/// `told`, if given, hears before each run: its number from 1, of how many, and the model.
/// Blocks: the thread. Errors: std::invalid_argument for an unknown model, rounds or workers out
/// of range; std::runtime_error if two runs did not do the same number of items; what `work`
/// throws.
std::vector<compare_row> compare(
    compare_options const& options, compare_work const& work,
    std::function<void(unsigned run, unsigned of, std::string_view model)> const& told = {});

/// Which model fits, and why, in one or two sentences.
struct advice {
  std::string model;
  std::string reason;
};
/// From the figures. Errors: std::invalid_argument if there are none.
advice advise(std::vector<compare_row> const& rows);

}  // namespace quartet::jobs
