// SPDX-License-Identifier: Apache-2.0
// Whose turn it is: the ways in which a seed becomes a schedule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <quartet/seam/operation.hpp>

namespace quartet::detail::sim {

/// A thread that can go on, and the operation that it stands before.
struct candidate {
  unsigned thread;
  seam::operation next;
};

/// Decides at each scheduling point of one run. Equal seeds decide alike.
/// Threads: belongs to its run. Stop: not concerned. Errors: none but bad_alloc.
/// Lifetime: of one run.
class strategy {
 public:
  strategy() = default;
  strategy(strategy const&) = delete;
  strategy& operator=(strategy const&) = delete;
  virtual ~strategy() = default;

  /// The index of who goes on. `running` is the index of who ran until now; if that one waits, has
  /// ended or yields, it is not in `all`, and `running` is `all.size()`.
  virtual std::size_t choose(std::span<candidate const> all, std::size_t running) = 0;
};

/// The known ways.
enum class way : unsigned char {
  uniform,  ///< each candidate with the same chance
  sticky,   ///< the running one goes on with a chance that the seed chooses, else uniform
  pct,      ///< by random priorities, which fall at a few random points
  pos,      ///< by random priorities, drawn anew for operations that conflict
};

/// How a run is to be explored.
struct plan {
  way how = way::uniform;
  unsigned stay_percent = 0;  ///< sticky: the chance to go on
  unsigned depth = 2;         ///< pct: one more than the points at which a priority falls
  /// pct: how many scheduling points a run has, roughly; measured by a run of another kind.
  std::uint64_t points = 100;
  /// Starting a thread is no scheduling point, so that all that are started compete from their
  /// first step on. Most of what makes races hard to find is that threads start one by one.
  bool gang_start = false;

  /// The plan that a seed stands for, of the default mixture. The choices of the run itself must
  /// come from another stream than the plan: with one for both they would be correlated.
  static plan of(std::uint64_t seed, std::uint64_t points) noexcept;
};

std::unique_ptr<strategy> make_strategy(plan const& p, std::uint64_t seed);

}  // namespace quartet::detail::sim
