// SPDX-License-Identifier: Apache-2.0
// yield: two tasks of one loop take turns, a million times in all.
#pragma once

#include "support/program.hpp"

namespace yield {

inline constexpr long turns = 1'000'000;

/// Counts the turns that were really taken in turn.
class score {
 public:
  void turn(int player) noexcept {
    alternations_ += player != last_;
    last_ = player;
  }
  long alternations() const noexcept { return alternations_; }

 private:
  int last_ = -1;
  long alternations_ = 0;
};

/// `play(score, turns_each)` lets players 0 and 1 take that many turns each, and ends after that.
template <class Play> void measure(bench::options const& given, Play&& play) {
  long const each = given.scaled(turns) / 2;
  long alternations = 0;
  double const best = bench::best_ns(given, 3, [&] {
    score taken;
    play(taken, each);
    alternations = taken.alternations();
  });
  bench::require_answer(given, "number of turns", alternations, 2 * each);
  bench::print("turn", "ns", best / static_cast<double>(2 * each));
}

}  // namespace yield
