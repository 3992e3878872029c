// SPDX-License-Identifier: Apache-2.0
// A scenario under many schedules, each with a number that brings it back.
#pragma once

#include <utility>

#include <quartet/seam/thread.hpp>
#include <quartet/test/gtest.hpp>

namespace quartet::test {

/// Explores `body`, in which expectations of GoogleTest work. A wait that its deadline ends is no
/// failure here: the scenarios want some.
template <class F> void explored(std::uint64_t schedules, F body) {
  quartet::detail::explore_as_test({.schedules = schedules, .stall_min = duration::max()},
                                   std::move(body));
}

}  // namespace quartet::test
