// SPDX-License-Identifier: Apache-2.0
// Where calls wait that are more or less urgent than normal ones.
//
// They are few: one guard, a list for each level, and one number that the workers look at before
// each call. All calls of a level stand here, whoever starts them, so that the oldest comes first.
// The counts outside the guard are hints: whoever lies down looks at them after a fence (R2, R4),
// and whoever takes a call does so under the guard.
#pragma once

#include <utility>

#include <quartet/base/intrusive_queue.hpp>
#include <quartet/core/call.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

#include "shares.hpp"

namespace quartet::detail::pool {

/// Threads: all members concurrently. Stop: not concerned. Errors: none. Lifetime: owns no call.
class levels {
 public:
  /// `at`: not normal.
  void push(call& c, priority at) noexcept {
    seam::guard g(guard_);
    if (at == priority::background)
      background_calls_.write().push(c);
    else
      list_of(at).push_back(c);
    count(at, 1);
  }

  /// The oldest of the highest level above normal; null: none. Where `urgent` ones come without an
  /// end, every so often the oldest of the level below them.
  call* take_above() noexcept {
    if (!any_above<place>()) return nullptr;
    seam::guard g(guard_);
    bool const lower_first = ++turn_.write() % turns_of_the_lower == 0;
    call* const c = take(lower_first ? priority::high : priority::urgent);
    return c != nullptr ? c : take(lower_first ? priority::urgent : priority::high);
  }
  /// In the background the oldest of whoever has paid least.
  paid_turn take_background() noexcept {
    if (!any_background()) return {};
    seam::guard g(guard_);
    paid_turn const t = background_calls_.write().pop();
    if (t.of != nullptr) count(priority::background, -1);
    return t;
  }
  /// What a turn in the background has cost.
  void book(paid_turn const& t, duration cost) noexcept {
    seam::guard g(guard_);
    background_calls_.write().book(t, cost);
  }
  /// Takes the first that is meant, and is `of` that account, out of the middle of a level below
  /// `below`; null: none is there.
  template <class Meant>
  call* remove_first(priority below, account_number of, Meant const& meant) noexcept {
    seam::guard g(guard_);
    if (call* const c = background_calls_.write().remove_first(of, meant)) {
      count(priority::background, -1);
      return c;
    }
    if (below <= priority::high) return nullptr;
    call* const c = list_of(priority::high).remove_first(meant);
    if (c != nullptr) count(priority::high, -1);
    return c;
  }

  /// Whether any call above normal waits, a moment ago; above `level`.
  template <class W> bool any_above() const noexcept {
    return above_.load(seam::relaxed, W::here()) != 0;
  }
  bool any_above(priority level) const noexcept {
    if (level < priority::high) return above_.load(seam::relaxed) != 0;
    return level == priority::high && urgent_.load(seam::relaxed) != 0;
  }
  bool any_background() const noexcept { return background_.load(seam::relaxed) != 0; }
  /// How many wait above normal, a moment ago.
  seam::atomic<std::size_t> const& above() const noexcept { return above_; }
  /// How many wait, a moment ago.
  std::size_t size() const noexcept {
    return above_.load(seam::relaxed) + background_.load(seam::relaxed);
  }

  static constexpr unsigned turns_of_the_lower = 32;

 private:
  using list = intrusive_queue<call, &call::next>;

  list& list_of(priority p) noexcept {  // above normal
    return p == priority::high ? high_calls_.write() : urgent_calls_.write();
  }
  call* take(priority p) noexcept {
    call* const c = list_of(p).pop_front();
    if (c != nullptr) count(p, -1);
    return c;
  }
  void count(priority p, int change) noexcept {
    add(p == priority::background ? background_ : above_, change);
    if (p == priority::urgent) add(urgent_, change);
  }
  static void add(seam::atomic<std::size_t>& n, int change) noexcept {
    n.store(n.load(seam::relaxed) + static_cast<std::size_t>(change), seam::relaxed);
  }

  seam::mutex guard_;  // guards the lists, and writing the counts
  watched<list> urgent_calls_;
  watched<list> high_calls_;
  watched<shares> background_calls_;
  watched<unsigned> turn_ = 0;                      // counts calls taken from above
  alignas(64) seam::atomic<std::size_t> above_{0};  // urgent and high ones
  seam::atomic<std::size_t> urgent_{0};
  seam::atomic<std::size_t> background_{0};
};

}  // namespace quartet::detail::pool
