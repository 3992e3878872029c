// SPDX-License-Identifier: Apache-2.0
// The shortest script that still fails.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <span>
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

/// `s`, which fails, with one switch in place of several, if one is enough and all that there are
/// can be tried; thread `i` comes to at most `turns[i]` of them. A walk comes upon a failure by
/// more switches than it needs, none of which can be missed alone, since one makes up for another.
template <class Fails> script with_one_switch(script s, std::span<std::uint64_t const> turns,
                                              Fails fails, std::size_t tries = 1'000) {
  script one;
  std::ranges::copy_if(s, std::back_inserter(one),
                       [](deviation const& d) { return d.in != differs::turn; });
  auto const points = std::accumulate(turns.begin(), turns.end(), std::uint64_t{0});
  if (s.size() < one.size() + 2 || points * (turns.size() - 1) > tries) return s;
  one.push_back({differs::turn, 0, 0, 0});
  deviation& d = one.back();
  for (d.thread = 0; d.thread != turns.size(); ++d.thread)
    for (d.point = 1; d.point <= turns[d.thread]; ++d.point)
      for (d.to = 0; d.to != turns.size(); ++d.to)
        if (d.to != d.thread && fails(one)) return take_out(std::move(one), fails, tries);
  return s;
}

}  // namespace quartet::detail::sim
