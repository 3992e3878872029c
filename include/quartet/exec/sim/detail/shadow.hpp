// SPDX-License-Identifier: Apache-2.0
// The last uses of plain data that is watched.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <quartet/exec/sim/detail/address_table.hpp>
#include <quartet/exec/sim/detail/strand.hpp>

namespace quartet::detail::sim {

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
  [[gnu::noinline]] past_use& read_by(unsigned thread) {
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
  shadow* find(void const* address) const noexcept { return shadows_.find(address); }
  /// The locks that `s` holds, written down once for as long as they stay the same.
  lock_set holds(strand& s) {
    if (s.holds_at.count == 0 && !s.holds.empty()) write_down(s);
    return s.holds_at;
  }
  /// Whether they are written down, or could be without memory: at most one, and there is room.
  bool holds_quickly(strand& s) noexcept {
    if (s.holds_at.count != 0 || s.holds.empty()) return true;
    if (s.holds.begin() + 1 != s.holds.end() || locks_.full()) return false;
    s.holds_at = {static_cast<std::uint32_t>(locks_.size()), 1};
    locks_.push_back_quickly(s.holds.back());
    return true;
  }
  std::span<held_lock const> locks(lock_set s) const noexcept {
    return {locks_.data() + s.at, s.count};
  }
  void clear() noexcept {
    shadows_.clear();
    locks_.clear();
  }

 private:
  [[gnu::noinline]] void write_down(strand& s) {
    s.holds_at.at = static_cast<std::uint32_t>(locks_.size());
    s.holds_at.count = static_cast<std::uint32_t>(s.holds.size());
    for (held_lock const& l : s.holds) locks_.push_back(l);  // seldom more than one
  }

  address_table<shadow> shadows_;
  pile<held_lock> locks_;
};

}  // namespace quartet::detail::sim
