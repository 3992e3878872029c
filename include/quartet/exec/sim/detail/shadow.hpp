// SPDX-License-Identifier: Apache-2.0
// The last uses of plain data that is watched.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

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
};

/// Finds the shadow of the datum at an address.
/// Threads: belongs to its world. Stop: not concerned. Errors: bad_alloc.
/// Lifetime: references stay until `clear`.
class shadow_table {
 public:
  shadow_table() : slots_(64) {}

  shadow& at(void const* address) {
    for (std::size_t i = index(address);; i = (i + 1) & (slots_.size() - 1)) {
      slot& s = slots_[i];
      if (s.run != run_) return insert(s, address);
      if (s.address == address) return *s.of;
    }
  }
  /// The locks that `s` holds, written down once for as long as they stay the same.
  lock_set holds(strand& s) {
    if (s.holds_at == 0 && !s.holds.empty()) {
      s.holds_at = static_cast<std::uint32_t>(locks_.size()) + 1;
      locks_.insert(locks_.end(), s.holds.begin(), s.holds.end());
    }
    return {s.holds_at == 0 ? 0 : s.holds_at - 1, static_cast<std::uint32_t>(s.holds.size())};
  }
  std::span<held_lock const> locks(lock_set s) const noexcept {
    return std::span(locks_).subspan(s.at, s.count);
  }
  void clear() noexcept {
    ++run_;
    count_ = 0;
    locks_.clear();
  }

 private:
  struct slot {
    void const* address = nullptr;
    shadow* of = nullptr;
    std::uint64_t run = 0;  // that filled it; any other: empty
  };
  std::size_t index(void const* address) const noexcept {
    auto const x = reinterpret_cast<std::uintptr_t>(address) * 0x9E3779B97F4A7C15U;
    return (x >> 32U) & (slots_.size() - 1);
  }
  shadow& insert(slot& s, void const* address) {
    if (2 * (count_ + 1) > slots_.size()) return grow(), at(address);
    if (count_ == shadows_.size()) shadows_.emplace_back();
    shadow& fresh = shadows_[count_++];
    fresh.write = {};
    fresh.reads.clear();
    s = {address, &fresh, run_};
    return fresh;
  }
  void grow() {
    std::vector<slot> const old(std::exchange(slots_, std::vector<slot>(2 * slots_.size())));
    for (slot const& s : old) {
      if (s.run != run_) continue;
      std::size_t i = index(s.address);
      while (slots_[i].run == run_) i = (i + 1) & (slots_.size() - 1);
      slots_[i] = s;
    }
  }

  std::vector<slot> slots_;  // a power of two, at most half full
  std::deque<shadow> shadows_;
  std::vector<held_lock> locks_;
  std::size_t count_ = 0;
  std::uint64_t run_ = 1;
};

}  // namespace quartet::detail::sim
