// SPDX-License-Identifier: Apache-2.0
// What the bodies of cases have in common: several threads at once, and memory that tells its use.
#pragma once

#include <vector>

#include <quartet/jobs/races/detail/together.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/thread.hpp>

namespace quartet::cases {

using jobs::races::together;

/// Threads that do `f(0)`, `f(1)`, … `f(n - 1)`; waits for all of them.
template <class F> void crowd(int n, F const& f) {
  std::vector<seam::thread> all;
  all.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i != n; ++i) all.emplace_back([&f, i] { f(i); });
}

/// Memory that is only marked as freed, so that a use of it shows and destroys nothing. The mark
/// orders nothing.
class block {
 public:
  void use() const { check(live_.load(seam::relaxed), "used after it was freed"); }
  void free() { check(live_.exchange(false, seam::relaxed), "freed twice"); }

 private:
  seam::atomic<bool> live_{true};
};

}  // namespace quartet::cases
