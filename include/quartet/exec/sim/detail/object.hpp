// SPDX-License-Identifier: Apache-2.0
// What a run knows of each thing that threads synchronise by.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include <quartet/exec/sim/detail/vector_clock.hpp>

namespace quartet::detail::sim {

struct strand;

/// An atomic, a mutex, a futex word, a thread: something that operations name.
/// Threads: belongs to its world. Stop: not concerned. Errors: none.
/// Lifetime: of one run; its memory serves the next.
struct object {
  void const* address = nullptr;
  unsigned id = 0;               // in the order in which they were first named
  unsigned wanted = 0;           // by so many threads that are ready, to lock it
  std::uint64_t written = 0;     // digest of the writes so far and of the reads between them
  std::uint64_t looked = 0;      // of the reads since the last write, in whatever order
  strand* holder = nullptr;      // of a locked mutex
  vector_clock released;         // what an acquire operation comes to know
  std::vector<strand*> waiting;  // parked here, in the order of their coming

  void reset(void const* at, unsigned number) noexcept {
    address = at;
    id = number;
    wanted = 0;
    written = 0;
    looked = 0;
    holder = nullptr;
    released.clear();
    waiting.clear();
  }
};

/// Finds the object at an address.
/// Threads: belongs to its world. Stop: not concerned. Errors: bad_alloc.
/// Lifetime: references stay until `clear`.
class object_table {
 public:
  object_table() : slots_(64) {}

  object& at(void const* address) {
    for (std::size_t i = index(address);; i = (i + 1) & (slots_.size() - 1)) {
      slot& s = slots_[i];
      if (s.run != run_) return insert(s, address);
      if (s.address == address) return *s.at;
    }
  }
  object& operator[](unsigned id) noexcept { return objects_[id]; }
  object const& operator[](unsigned id) const noexcept { return objects_[id]; }
  unsigned size() const noexcept { return count_; }
  void clear() noexcept {
    ++run_;
    count_ = 0;
  }

 private:
  struct slot {
    void const* address = nullptr;
    object* at = nullptr;
    std::uint64_t run = 0;  // that filled it; any other: empty
  };
  std::size_t index(void const* address) const noexcept {
    auto const x = reinterpret_cast<std::uintptr_t>(address) * 0x9E3779B97F4A7C15U;
    return (x >> 32U) & (slots_.size() - 1);
  }
  object& insert(slot& s, void const* address) {
    if (2 * (count_ + 1) > slots_.size()) return grow(), at(address);
    if (count_ == objects_.size()) objects_.emplace_back();
    object& o = objects_[count_];
    s = {address, &o, run_};
    o.reset(address, count_++);
    return o;
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
  std::deque<object> objects_;
  unsigned count_ = 0;
  std::uint64_t run_ = 1;
};

}  // namespace quartet::detail::sim
