// SPDX-License-Identifier: Apache-2.0
// How far work has come, how fast it goes, and how long it will take.
#pragma once

#include <cstddef>

#include <quartet/core/observer.hpp>
#include <quartet/seam/atomic.hpp>

namespace quartet {

/// A look at a meter at one time.
/// Units: `rate` in pieces a second since the start; `left` and `elapsed` in nanoseconds.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct progress_snapshot {
  std::size_t total = 0;
  std::size_t ended = 0;
  std::size_t failed = 0;
  duration elapsed{};
  double rate = 0;  ///< 0 until the first piece has ended
  duration left{};  ///< 0 until the first piece has ended, and at the end
};

/// Counts the pieces of groups and bulk calls. Pass its address as `progress`.
/// Threads: all members concurrently. Stop: stopped pieces count as ended.
/// Errors: none. Lifetime: outlives the work. Cost: one relaxed addition for each piece.
class progress_meter : public observer {
 public:
  progress_meter() noexcept : begun_(clock::now()) {}

  void on_added(std::size_t n) noexcept override { total_.fetch_add(n, seam::relaxed); }
  void on_ended(ending how) noexcept override {
    if (how != ending::value) failed_.fetch_add(1, seam::relaxed);
    ended_.fetch_add(1, seam::relaxed);
  }

  progress_snapshot look() const noexcept;

 private:
  time_point const begun_;
  seam::atomic<std::size_t> total_{0};
  seam::atomic<std::size_t> ended_{0};
  seam::atomic<std::size_t> failed_{0};
};

}  // namespace quartet
