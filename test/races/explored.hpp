// SPDX-License-Identifier: Apache-2.0
// A scenario under many schedules, each with a number that brings it back.
#pragma once

#include <cstdlib>
#include <gtest/gtest.h>
#include <string>

#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/thread.hpp>

namespace quartet::test {

/// Runs `body(w)` in worlds of so many seeds; each must end, and what the body expects must hold.
/// With QUARTET_SEED=N only that seed runs. Stops at the first failure and names its seed.
template <class F> void explored(std::uint64_t seeds, F body) {
  using detail::sim::verdict;
  char const* const only = std::getenv("QUARTET_SEED");
  std::uint64_t const first = only == nullptr ? 1 : std::strtoull(only, nullptr, 10);
  std::uint64_t const last = only == nullptr ? seeds : first;
  detail::sim::world w;
  for (std::uint64_t seed = first; seed <= last && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("QUARTET_SEED=" + std::to_string(seed));
    detail::sim::outline const o = w.run(seed, detail::sim::plan::of(seed, 300), body);
    EXPECT_EQ(o.how, verdict::ended) << "after " << o.points << " points";
    for (auto const& left : o.left)
      ADD_FAILURE() << left.name << " stands at " << seam::name(left.last.what) << ", "
                    << left.last.where.file << ":" << left.last.where.line << " in "
                    << left.last.where.function;
  }
}

}  // namespace quartet::test
