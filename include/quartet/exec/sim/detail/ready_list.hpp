// SPDX-License-Identifier: Apache-2.0
// The threads that can go on, as a strategy sees them.
#pragma once

#include <span>
#include <vector>

#include <quartet/exec/sim/detail/strand.hpp>
#include <quartet/exec/sim/detail/strategy.hpp>

namespace quartet::detail::sim {

/// Each strand in it knows its place. Whoever leaves is replaced by the last one.
/// Threads: belongs to its world. Stop: not concerned. Errors: bad_alloc from `make_room` alone.
/// Lifetime: of its world.
class ready_list {
 public:
  void make_room(std::size_t strands) { items_.resize(strands); }
  void clear() noexcept { count_ = 0; }
  std::size_t size() const noexcept { return count_; }
  bool empty() const noexcept { return count_ == 0; }
  strand& operator[](std::size_t i) const noexcept { return *items_[i].who; }
  std::span<candidate const> first(std::size_t n) const noexcept { return {items_.data(), n}; }

  void add(strand& s) noexcept {
    s.slot = count_;
    items_[count_++] = {s.number, s.last_object, &s.last, &s};
  }
  void remove(strand& s) noexcept {
    candidate const& last = items_[--count_];
    last.who->slot = s.slot;
    items_[s.slot] = last;
  }
  void to_end(strand& s) noexcept {
    candidate const mine = items_[s.slot];
    candidate& last = items_[count_ - 1];
    last.who->slot = s.slot;
    items_[s.slot] = last;
    last = mine;
    s.slot = count_ - 1;
  }
  /// `s`, which is in the list, stands before an operation on that object now.
  void stands_before(strand const& s, unsigned object) noexcept { items_[s.slot].object = object; }

 private:
  std::vector<candidate> items_;  // as many as there may be; the first count_ are in the list
  std::size_t count_ = 0;
};

}  // namespace quartet::detail::sim
