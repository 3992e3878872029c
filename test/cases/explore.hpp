// SPDX-License-Identifier: Apache-2.0
// Exploring a case: how many schedules until its mistake shows, and whether its twin stays silent.
#pragma once

#include <cstdint>
#include <string>

#include <quartet/exec/sim/detail/profile.hpp>
#include <quartet/exec/sim/detail/world.hpp>

#include "cases/case.hpp"

namespace quartet::cases {

/// What a search has come to.
struct search {
  enum class end : unsigned char {
    nothing,  ///< all runs ended well
    shown,    ///< the mistake of the case showed
    false_alarm,
  };
  end how = end::nothing;
  std::uint64_t schedules = 0;  ///< with the last one
  std::uint64_t seed = 0;       ///< of the last one
  detail::sim::outline last = {};
};

/// Runs one body of a case again and again, by the default mixture. Trials are numbered; each has
/// seeds of its own.
/// Threads: belongs to one thread. Stop: not concerned. Errors: as world.
/// Lifetime: the case outlives it.
class explorer {
 public:
  /// Takes the profile of a run by a fixed seed.
  explorer(sim_case const& c, version v);

  /// Until something shows, in at most so many schedules.
  search look(std::uint64_t trial, std::uint64_t limit);
  detail::sim::outline run(std::uint64_t seed);
  std::uint64_t points() const noexcept { return profile_.points; }

 private:
  detail::sim::outline run_by(detail::sim::strategy& s, std::uint64_t seed,
                              detail::sim::plan const& p);

  sim_case const& of_;
  version const version_;
  detail::sim::profile profile_;
  detail::sim::strategies strategies_;
  detail::sim::world world_;
};

/// An outline in words: what happened, where, and who was left.
std::string story(detail::sim::outline const& o);

}  // namespace quartet::cases
