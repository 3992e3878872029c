// SPDX-License-Identifier: Apache-2.0
// The last uses of plain data that is watched.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <quartet/exec/sim/detail/address_table.hpp>
#include <quartet/exec/sim/detail/strand.hpp>

namespace quartet::detail::sim {

/// Locks that were held together: a part of a run's list of them.
struct lock_set {
  std::uint32_t at = 0;
  std::uint32_t count = 0;
};

/// A use that has happened: by whom, when on that one's clock, and where.
struct past_use {
  unsigned thread = 0;
  std::uint32_t when = 0;  // 0: there was none
  void const* code = nullptr;
  bool writes = false;
  lock_set holds;
};

/// What is remembered of one datum: the last write, and each thread's last read since.
/// Source: C. Flanagan, S. Freund, FastTrack (PLDI 2009), with all readers kept by name instead of
/// the last one's epoch: a report names both sides.
struct shadow {
  past_use write;
  std::vector<past_use> reads;

  /// Where `thread` reads now. It has read nothing else since the last write.
  past_use& read_by(unsigned thread) {
    for (past_use& r : reads)
      if (r.thread == thread) return r;
    return reads.emplace_back();
  }
  void reset(void const* = nullptr, unsigned = 0) noexcept {
    write = {};
    reads.clear();
  }
};

/// Finds the shadow of the datum at an address, and keeps what shadows name together.
/// Threads: belongs to its world. Stop: not concerned. Errors: bad_alloc.
/// Lifetime: references stay until `clear`.
class shadow_table {
 public:
  shadow& at(void const* address) { return shadows_.at(address); }
  /// The locks that `s` holds, written down once for as long as they stay the same.
  lock_set holds(strand& s) {
    if (s.holds.empty()) return {};
    if (s.holds_at == 0) {
      s.holds_at = static_cast<std::uint32_t>(locks_.size()) + 1;
      for (held_lock const& l : s.holds) locks_.push_back(l);  // seldom more than one
    }
    return {s.holds_at - 1, static_cast<std::uint32_t>(s.holds.size())};
  }
  std::span<held_lock const> locks(lock_set s) const noexcept {
    return std::span(locks_).subspan(s.at, s.count);
  }
  void clear() noexcept {
    shadows_.clear();
    locks_.clear();
  }

 private:
  address_table<shadow> shadows_;
  std::vector<held_lock> locks_;
};

}  // namespace quartet::detail::sim
