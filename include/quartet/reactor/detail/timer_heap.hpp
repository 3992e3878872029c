// SPDX-License-Identifier: Apache-2.0
// Timers ordered by time, equal times by the order of arming.
#pragma once

#include <vector>

#include <quartet/core/timer.hpp>

namespace quartet::detail {

/// A heap with four children a node; `timer::slot` is the position plus one, so removal from the
/// middle needs no search.
/// Threads: guarded by whoever owns it. Stop: not concerned. Errors: `push` throws bad_alloc.
/// Lifetime: owns no timer. Cost: O(log n) for each change, nothing allocated when warm.
class timer_heap {
 public:
  bool empty() const noexcept { return heap_.empty(); }
  std::size_t size() const noexcept { return heap_.size(); }
  timer& first() const noexcept { return *heap_.front(); }

  void push(timer& t);
  /// False: it is not armed.
  bool remove(timer& t) noexcept;
  /// Takes out the first timer if its time has come by `now`; null otherwise.
  timer* pop_due(time_point now) noexcept;

 private:
  static constexpr std::size_t width = 4;
  void put(std::size_t at, timer& t) noexcept;
  void up(std::size_t at, timer& t) noexcept;
  void down(std::size_t at, timer& t) noexcept;

  std::vector<timer*> heap_;       // heap_[i]->slot == i + 1
  std::size_t next_sequence_ = 0;  // counts the timers ever armed
};

}  // namespace quartet::detail
