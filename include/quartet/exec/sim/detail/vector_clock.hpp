// SPDX-License-Identifier: Apache-2.0
// What has happened before: how far each thread was when its effects were passed on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace quartet::detail::sim {

/// For each thread how many of its releases are known. Threads that are not in it: 0.
/// Threads: belongs to its world. Stop: not concerned. Errors: bad_alloc.
/// Lifetime: a value; `clear` keeps the memory.
/// Source: C. Fidge (1988), F. Mattern (1989).
class vector_clock {
 public:
  std::uint32_t operator[](unsigned thread) const noexcept {
    return thread < of_.size() ? of_[thread] : 0;
  }
  /// Whether what `thread` did at its time `when` has happened before.
  bool covers(unsigned thread, std::uint32_t when) const noexcept {
    return (*this)[thread] >= when;
  }
  void join(vector_clock const& other) {
    if (of_.size() < other.of_.size()) of_.resize(other.of_.size());
    for (std::size_t i = 0; i < other.of_.size(); ++i) of_[i] = std::max(of_[i], other.of_[i]);
  }
  void advance(unsigned thread) {
    if (of_.size() <= thread) of_.resize(thread + 1);
    ++of_[thread];
  }
  void clear() noexcept { of_.clear(); }

 private:
  std::vector<std::uint32_t> of_;
};

}  // namespace quartet::detail::sim
