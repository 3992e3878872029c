// SPDX-License-Identifier: Apache-2.0
// What a stretch of a run touches: whether two stretches can change places.
#pragma once

#include <cstdint>

#include <quartet/seam/operation.hpp>

namespace quartet::detail::sim {

/// The objects that one thread touched between two decisions, as two sets of 64 bits. Objects whose
/// numbers are equal modulo 60 share a bit, which can only make stretches dependent that are not.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
class footprint {
 public:
  /// `known`: objects with this number and higher had no name yet when the stretch began. Another
  /// order of events may give the number to another object.
  constexpr void add(unsigned object, seam::operation const& o, unsigned known) noexcept {
    switch (o.what) {
      case seam::kind::thread_join:   // of an end that only lets the waiting one go on; see
      case seam::kind::thread_yield:  // `let_others`
      case seam::kind::clock:         // time passes only when nobody can do anything
        return;
      case seam::kind::fence:  // of unknown reach; entropy: the stream is common to all
      case seam::kind::entropy:
        writes_ |= fences;
        return;
      case seam::kind::thread_start:
        writes_ |= starts;  // threads are numbered in the order of their start
        return;
      case seam::kind::poll:
      case seam::kind::transfer:
      case seam::kind::process_start:
      case seam::kind::process_wait:
        return add_descriptors();
      default:
        break;
    }
    if (object >= known) return let_others();
    (o.writes ? writes_ : reads_) |= std::uint64_t{1} << (4 + object % 60);
  }
  constexpr void add_descriptors() noexcept { writes_ |= descriptors; }
  /// Depends on everything.
  constexpr void let_others() noexcept { writes_ |= everybody; }

  /// Nobody else can tell when it happens.
  constexpr bool empty() const noexcept { return reads_ == everybody && writes_ == 0; }
  friend constexpr bool dependent(footprint const& a, footprint const& b) noexcept {
    return ((a.writes_ & (b.reads_ | b.writes_)) | (b.writes_ & a.reads_)) != 0;
  }

 private:
  static constexpr std::uint64_t everybody = 1, fences = 2, descriptors = 4, starts = 8;
  std::uint64_t reads_ = everybody, writes_ = 0;
};

}  // namespace quartet::detail::sim
