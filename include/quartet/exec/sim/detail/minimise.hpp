// SPDX-License-Identifier: Apache-2.0
// The shortest script that still fails.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <quartet/exec/sim/detail/script.hpp>

namespace quartet::detail::sim {

/// Takes parts out of `s`, which fails, while `fails(what is left)` stays true: first halves, then
/// ever smaller parts, until none can be missed.
/// Source: A. Zeller, R. Hildebrandt, Simplifying and Isolating Failure-Inducing Input (2002).
template <class T, class Fails>
std::vector<T> take_out(std::vector<T> s, Fails fails, std::size_t& tries) {
  std::size_t parts = 1;
  while (!s.empty() && parts <= s.size() && tries != 0) {
    bool shorter = false;
    for (std::size_t i = 0; i != parts && tries != 0; ++i, --tries) {
      auto const at = [&](std::size_t n) {
        return s.begin() + static_cast<std::ptrdiff_t>(n * s.size() / parts);
      };
      std::vector<T> rest(s.begin(), at(i));
      rest.insert(rest.end(), at(i + 1), s.end());
      if (!fails(rest)) continue;
      s = std::move(rest);
      shorter = true;
      break;
    }
    if (shorter)
      parts = std::max<std::size_t>(1, std::min(parts - 1, s.size()));
    else if (parts == s.size())
      break;
    else
      parts = std::min(2 * parts, s.size());
  }
  return s;
}

/// Once none can be taken out alone: moves one a step and takes another out, which finds that two
/// switches did the work of one that came a little later.
template <class Fails> script move_and_take_out(script s, Fails fails, std::size_t& tries) {
  constexpr std::size_t short_enough = 8;  // the tries grow with the square
  std::ranges::sort(s);
  s.erase(std::ranges::unique(s).begin(), s.end());
  if (s.size() > short_enough) return s;
  for (std::size_t i = 0; i < s.size(); ++i)
    for (std::uint64_t const step : {std::uint64_t{1}, std::uint64_t{2}, ~std::uint64_t{0}})
      for (std::size_t j = 0; j < s.size() && tries != 0; ++j) {
        if (i == j) continue;
        script shorter = s;
        shorter[i].point += step;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(j));
        --tries;
        if (fails(shorter)) return move_and_take_out(std::move(shorter), fails, tries);
      }
  return s;
}

/// The shortest script found that fails, as `s` does. `tries` bounds the calls of `fails(script)`.
template <class Fails> script minimise(script s, Fails fails, std::size_t tries = 1'000) {
  s = take_out(std::move(s), fails, tries);
  return move_and_take_out(std::move(s), fails, tries);
}

}  // namespace quartet::detail::sim
