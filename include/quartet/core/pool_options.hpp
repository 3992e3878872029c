// SPDX-License-Identifier: Apache-2.0
// The options that every executor with workers understands.
#pragma once

#include <string_view>
#include <type_traits>

#include <quartet/base/chrono.hpp>
#include <quartet/core/observer.hpp>

namespace quartet {

/// How many workers a pool has, and what they are called.
/// Trivially destructible, so that it can stand in any expression.
/// Threads: a value. Stop: not concerned. Errors: see check. Lifetime: `name` need not outlive it.
struct pool_options {
  unsigned workers = 0;   ///< 0: QUARTET_WORKERS, else as many as the machine gives us; then a
                          ///< thread_pool that works follows within seconds when that changes
  unsigned budget = 128;  ///< waits of a task that need not suspend, in one turn; 0: any number
  observer* counters = nullptr;  ///< of a thread_pool: told of its counters when it ends, and of
                                 ///< calls that are stuck
  std::string_view name = {};    ///< of the workers, as the system's tools show it; copied
  /// Of a thread_pool: within this time a call is found that waits in the system undeclared, or
  /// goes round in a circle, while others wait for a worker. 0: nobody looks.
  duration patience = std::chrono::milliseconds(100);
};
static_assert(std::is_trivially_destructible_v<pool_options>);

/// The most workers that a pool may have.
inline constexpr unsigned most_workers = 4096;

/// Refuses absurd options. Errors: std::invalid_argument if more than `most_workers` are asked for,
/// or for a negative patience; the message names the value.
void check(pool_options const& o);

}  // namespace quartet
