// SPDX-License-Identifier: Apache-2.0
// The runs of one body in one process: by seed, or by a script.
#pragma once

#include <string>
#include <string_view>

#include <quartet/exec/sim/detail/profile.hpp>
#include <quartet/exec/sim/detail/script.hpp>
#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/test/explore.hpp>

#include "escapes.hpp"
#include "overflow.hpp"

namespace quartet::detail {

/// Where a schedule leaves its script, to go on by chance.
struct branch {
  std::uint64_t operations;
  std::uint64_t seed;
};

/// Which schedule: a seed and, if it was shortened, the script that replaces the seed's decisions.
struct schedule {
  std::uint64_t seed;
  std::optional<sim::script> by = {};
  std::uint64_t stop_at = 0;  ///< the checkpoint at which a stop is requested, from 1; 0: none
  std::optional<branch> then = {};
};

/// `8f2a91c04417aa02`, or `8f2a91c04417aa02/t1.6-2`; with a stop `8f2a91c04417aa02@5/t1.6-2`.
std::string token_of(schedule const& s);
/// Errors: std::invalid_argument, which says what a token looks like.
schedule schedule_of(std::string_view token);

/// Runs a body again and again. The plan of a seed depends on how long a run is, roughly: that is
/// measured by the first run, whose own seed is always the same.
/// Threads: belongs to one. Stop: not concerned. Errors: as world.
/// Lifetime: of its process; what failed runs left on their stacks stays.
class trial {
 public:
  trial(explore_options const& o, explored_body b) : options_(o), body_(b) {}

  static constexpr std::uint64_t first_seed = 0;
  /// The seed of the n-th schedule, from 0.
  std::uint64_t seed(std::uint64_t n) const noexcept;

  /// A run by `s`, which decides everything; the seed is that of the measuring run.
  sim::outline run_by(sim::strategy& s) { return run_by(s, {first_seed}, nullptr); }
  /// The measuring run. Must be the first.
  sim::outline first();
  sim::outline run(schedule const& s, sim::tape<sim::step>* steps = nullptr,
                   sim::tape<sim::deviation>* deviations = nullptr);
  /// The same, with the calls of each step.
  sim::outline run_told(schedule const& s, sim::tape<sim::step>& steps);
  /// What all runs of this process do without: QUARTET_MUTANT names it. Null: nothing.
  /// Errors: a text that names none ends the process, see refuse_variable.
  static sim::mutant const* left_out();
  sim::world& in() noexcept { return world_; }

 private:
  sim::plan plan_of(std::uint64_t seed) const noexcept;
  sim::outline run_by(sim::strategy& s, schedule const& of, sim::tape<sim::step>* steps,
                      bool calls = false);

  explore_options const& options_;
  explored_body const body_;
  sim::world world_;
  escape_watch const escapes_{world_};
  stack_watch const stacks_{world_};
  sim::strategies strategies_;
  sim::profile profile_;  // of the first run
};

}  // namespace quartet::detail
