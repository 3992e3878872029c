// SPDX-License-Identifier: Apache-2.0
// The last uses of plain data that is watched.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include <quartet/exec/sim/detail/strand.hpp>

namespace quartet::detail::sim {

/// A use that has happened: by whom, when on that one's clock, and where.
struct past_use {
  unsigned thread = 0;
  std::uint32_t when = 0;  // 0: there was none
  void const* code = nullptr;
  bool writes = false;
  std::vector<held_lock> holds;
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
/// Lifetime: references stay until `clear` or `forget`.
class shadow_table {
 public:
  shadow& at(void const* address) { return of_[address]; }
  void forget(void const* address) { of_.erase(address); }
  void clear() noexcept {
    if (!of_.empty()) of_.clear();
  }

 private:
  std::unordered_map<void const*, shadow> of_;
};

}  // namespace quartet::detail::sim
