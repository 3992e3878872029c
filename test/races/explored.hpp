// SPDX-License-Identifier: Apache-2.0
// A scenario under many schedules, each with a number that brings it back.
#pragma once

#include <utility>

#include <quartet/seam/thread.hpp>
#include <quartet/test/gtest.hpp>

namespace quartet::test {

/// Explores `body`, in which expectations of GoogleTest work; its threads sometimes take their
/// time. A wait that its deadline ends is no failure here: the scenarios want some.
template <class F> void explored(std::uint64_t schedules, F body) {
  quartet::detail::explore_as_test(
      {.schedules = schedules, .stall_min = duration::max(), .slow_percent = 2}, std::move(body));
}

/// The same with threads that take no time, so that a body can tell from the clock whether somebody
/// had to wait for a deadline.
template <class F> void explored_without_delays(std::uint64_t schedules, F body) {
  quartet::detail::explore_as_test({.schedules = schedules, .stall_min = duration::max()},
                                   std::move(body));
}

/// The same, with memory for coroutines that runs out now and then.
template <class F> void explored_without_memory(std::uint64_t schedules, F body) {
  quartet::detail::explore_as_test(
      {.schedules = schedules, .stall_min = duration::max(), .memory_faults_percent = 10},
      std::move(body));
}

}  // namespace quartet::test
