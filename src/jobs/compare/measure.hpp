// SPDX-License-Identifier: Apache-2.0
// What one run cost: wall time, CPU time of the whole process tree, peak memory.
#pragma once

#include <cstdint>
#include <functional>

namespace quartet::jobs {

struct cost {
  double wall = 0;  // seconds
  double cpu = 0;   // seconds, this process and its ended children
  std::uint64_t peak_memory = 0;
};

/// Measures `run(before_end)`: it must call `before_end()` while its workers still live.
cost measure(std::function<void(std::function<void()> const& before_end)> const& run);

}  // namespace quartet::jobs
