// SPDX-License-Identifier: Apache-2.0
// nqueens: a task for each safe placement, which gets a copy of the board; count the solutions.
#pragma once

#include <array>

#include "support/program.hpp"

namespace nqueens {

inline constexpr int full_size = 11;
inline constexpr int quick_size = 7;

/// Columns of the queens placed so far, one in each row.
struct board {
  int size = 0;
  int rows = 0;
  std::array<signed char, 12> column{};

  bool full() const { return rows == size; }
  /// A bit for each column in which a queen in the next row would be attacked.
  unsigned attacked() const {
    unsigned bits = 0;
    for (int r = 0; r != rows; ++r) {
      unsigned const queen = 1U << column[static_cast<std::size_t>(r)];
      bits |= queen | queen << (rows - r) | queen >> (rows - r);
    }
    return bits;
  }
  board with(int at) const {
    board next = *this;
    next.column[static_cast<std::size_t>(next.rows++)] = static_cast<signed char>(at);
    return next;
  }
};

/// The safe placements in the next row.
struct placements {
  explicit placements(board const& b) {
    unsigned const attacked = b.attacked();
    for (int c = 0; c != b.size; ++c)
      if ((attacked >> c & 1U) == 0) column[static_cast<std::size_t>(count++)] = c;
  }
  int count = 0;
  std::array<int, 12> column{};
};

constexpr long solutions(int size) { return size == full_size ? 2680 : 40; }
/// Safe placements of all boards.
constexpr long tasks(int size) { return size == full_size ? 166'925 : 551; }

/// Times `run(board)`, which counts the solutions, and prints the time of one task.
template <class Run> void measure(bench::options const& given, Run&& run) {
  int const size = given.quick ? quick_size : full_size;
  long answer = 0;
  double const best = bench::best_ns(given, 7, [&] {
    board empty;
    empty.size = static_cast<int>(bench::opaque(size));
    answer = run(empty);
  });
  bench::require_answer(given, "number of solutions", answer, solutions(size));
  bench::print("task", "ns", best / static_cast<double>(tasks(size)));
  bench::print_peak_memory();
}

}  // namespace nqueens
