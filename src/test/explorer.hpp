// SPDX-License-Identifier: Apache-2.0
// Processes that try one schedule after the other, and what they leave in memory for us.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <quartet/exec/sim/detail/outline.hpp>
#include <quartet/exec/sim/detail/script.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/test/explore.hpp>

namespace quartet::detail {

template <class T> using shared_word = seam::bare::atomic<T>;

/// What one explorer tells while it goes on; readable after it has crashed.
struct explorer_page {
  shared_word<std::uint64_t> seed;         // being tried
  shared_word<std::uint64_t> nth;          // which schedule that is, from 0
  shared_word<std::uint64_t> runs;         // that ended
  shared_word<std::uint64_t> late;         // classes that the last tenth added
  shared_word<std::uint64_t> hash;         // of the run that failed
  shared_word<std::uint64_t> stop_at;      // the checkpoint at which a stop is tried; 0: none
  shared_word<std::uint64_t> checkpoints;  // reached in runs without a stop
  shared_word<std::uint64_t> stops;        // requested at one of them
  shared_word<bool> by_script;             // and the decisions are on the tape
  shared_word<bool> found;                 // a failure; of this kind:
  shared_word<sim::verdict> how;
};

/// What all explorers share. Lies in zeroed pages.
struct exploration {
  static constexpr unsigned explorers_max = 64;
  static constexpr std::size_t classes_max = std::size_t{1} << 20U;
  static constexpr std::size_t goals_max = 256;

  std::array<explorer_page, explorers_max> pages;
  shared_word<bool> over;                                    // somebody has found something
  shared_word<std::uint64_t> classes;                        // that differ
  std::array<shared_word<std::uint64_t>, classes_max> seen;  // their hashes; 0: free
  std::array<sim::goal, goals_max> goals;                    // of explorer 0
  std::size_t goal_count;
  coverage covered;  // exhaustive: how much was
  bool diverged;     // exhaustive: a run did not repeat the one before it
  // exhaustive: where the last run deviates from the plain schedule
  alignas(std::max_align_t)
      std::array<std::byte, sim::tape<sim::deviation>::bytes_for(100'000)> deviations;

  /// Whether a class is new. When the table is nearly full, none is.
  bool add(std::uint64_t hash) noexcept;
};

/// How the exploring ended.
struct found_failure {
  std::uint64_t seed;
  std::uint64_t nth;
  std::uint64_t hash;
  sim::verdict how;  // ended: the process crashed, or hung
  bool hung;
  std::optional<sim::script> by = {};  // instead of the seed's decisions
  std::uint64_t stop_at = 0;
};

/// Explores with `o.explorers` processes. Nothing: no schedule failed.
/// Blocks: until all are done, or one has found something.
std::optional<found_failure> explore_all(explore_options const& o, explored_body b,
                                         exploration& shared);

}  // namespace quartet::detail
