// SPDX-License-Identifier: Apache-2.0
// Levenshtein distance, row by row.
#include "nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace quartet::cli {

namespace {

std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i != a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j != b.size(); ++j) {
      std::size_t const change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, change});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view word, std::vector<std::string> const& candidates) {
  std::string best;
  std::size_t fewest = 3;
  for (std::string const& candidate : candidates) {
    std::size_t const n = edits(word, candidate);
    if (n >= fewest) continue;
    fewest = n;
    best = candidate;
  }
  return best;
}

}  // namespace quartet::cli
