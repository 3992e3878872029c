// SPDX-License-Identifier: Apache-2.0
// Where calls wait that come from outside the workers, have yielded, or found a deque full.
//
// Producers and workers have a guard each, so that a producer meets another producer and a worker
// another worker. Between them lies a ring of pointers; while it is full, calls go to a list behind
// it, which the worker who has emptied the ring takes over whole. So the order is: what was taken
// over, the ring, the list; for nothing enters the ring while the list holds something.
//
// Synchronises with
//   (1) release store of pushed_ in push → (2) acquire load in size: the slot, the call, ring_in_.
//   (5) release store of timed_ → (6) acquire load in take: when the timed call came.
//   (7) release store of 0 to timed_ → (8) acquire load by the next one: that has been read.
//   (3) release store of ring_out_ in take → (4) acquire load in push: the slot has been read.
#pragma once

#include <algorithm>
#include <span>

#include <quartet/base/intrusive_queue.hpp>
#include <quartet/core/call.hpp>
#include <quartet/seam/clock.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

namespace quartet::detail::pool {

/// First in, first out, without bound and without allocation: calls are linked through `next`.
/// Threads: all members concurrently. Stop: not concerned. Errors: none. Lifetime: owns no call.
class injection {
 public:
  template <class W = place> void push(call& c) noexcept {
    seam::guard g(in_guard_);
    std::size_t const in = ring_in_.load(seam::relaxed, known);
    if (list_.read().empty() && has_room<W>(in)) {
      ring_[in & mask_] = &c;
      ring_in_.store(in + 1, seam::relaxed, known);
    } else {
      list_.write().push_back(c);
    }
    std::size_t const number = pushed_.load(seam::relaxed, known) + 1;
    if (number % timed_every == 0) time_one(number);
    pushed_.store(number, seam::release, W::here());  // (1)
  }

  /// Takes the first that is meant out of the middle; null: none is here. Cost: looks at all that
  /// wait.
  template <class Meant> call* remove_first(Meant const& meant) noexcept {
    seam::guard out(out_guard_);
    seam::guard in(in_guard_);
    call* c = taken_over_.write().remove_first(meant);
    if (c == nullptr) c = blank_first(meant);
    if (c == nullptr) c = list_.write().remove_first(meant);
    if (c != nullptr) taken_.store(taken_.load(seam::relaxed, known) + 1, seam::release);
    return c;
  }

  /// The longest time that one of those looked at has waited here.
  duration longest_wait() const noexcept {
    return duration(longest_wait_.load(seam::relaxed, known));
  }

  /// How many have come so far.
  std::uint64_t pushed() const noexcept { return pushed_.load(seam::relaxed, known); }

  /// How many wait, a moment ago.
  template <class W = place> std::size_t size() const noexcept {
    // First, and acquired: nobody sees more taken than pushed.
    std::size_t const taken = taken_.load(seam::acquire, W::here());
    return pushed_.load(seam::acquire, W::here()) - taken;  // (2)
  }

  /// Takes the oldest `1/share` of them, at least one, as many as fit, and none behind one that is
  /// many; returns how many.
  template <class W = place> std::size_t take(std::span<call*> into, std::size_t share) noexcept {
    if (size<W>() == 0) return 0;
    seam::guard g(out_guard_);
    std::size_t const taken = taken_.load(seam::relaxed, known);
    std::size_t const there = pushed_.load(seam::acquire, W::here()) - taken;  // (2)
    std::size_t const want = std::min(into.size(), there / share + (there % share != 0 ? 1 : 0));
    std::size_t got = 0;
    for (bool more = true; more && got != want; ++got) more = !(into[got] = pop<W>())->many;
    taken_.store(taken + got, seam::release, W::here());
    std::size_t const timed = timed_.load(seam::acquire, known);  // (6)
    if (timed != 0 && taken + got >= timed) [[unlikely]]
      end_timing();
    return got;
  }

 private:
  // For what only the holder of a guard writes, or (1) makes known: a machine need not be told.
  static constexpr seam::quiet known{};
  static constexpr std::size_t slots = 1024;
  static constexpr std::size_t timed_every = 256;
  using list = intrusive_queue<call, &call::next>;

  /// Call `number` is timed, unless another one still is. With in_guard_ held.
  void time_one(std::size_t number) noexcept {
    if (timed_.load(seam::acquire, known) != 0) return;  // (8)
    timed_since_ = clock::now();
    timed_.store(number, seam::release, known);  // (5)
  }
  /// With out_guard_ held.
  void end_timing() noexcept {
    duration const waited = clock::now() - timed_since_.read();
    if (waited > longest_wait()) longest_wait_.store(waited.count(), seam::relaxed, known);
    timed_.store(0, seam::release, known);  // (7)
  }

  template <class W> bool has_room(std::size_t in) noexcept {
    if (in - out_seen_ <= mask_) return true;
    out_seen_ = ring_out_.load(seam::acquire, W::here());  // (4)
    return in - out_seen_ <= mask_;
  }

  /// Leaves a blank in the ring where it was; whoever comes there goes on to the next.
  template <class Meant> call* blank_first(Meant const& meant) noexcept {
    std::size_t const in = ring_in_.load(seam::relaxed, known);
    for (std::size_t i = ring_out_.load(seam::relaxed, known); i != in; ++i) {
      call* const c = ring_[i & mask_];
      if (c == nullptr || !meant(*c)) continue;
      ring_[i & mask_] = nullptr;
      return c;
    }
    return nullptr;
  }

  /// The oldest; there is one.
  template <class W> call* pop() noexcept {
    if (call* const c = taken_over_.write().pop_front()) return c;
    std::size_t out = ring_out_.load(seam::relaxed, known);
    while (out != ring_in_.load(seam::relaxed, known)) {
      call* const c = ring_[out++ & mask_];
      ring_out_.store(out, seam::release, W::here());  // (3)
      if (c != nullptr) [[likely]]
        return c;
    }
    seam::guard g(in_guard_);
    taken_over_.write().append(list_.write());
    return taken_over_.write().pop_front();
  }

  // Of the slots in use, less one: on a simulated machine so few that schedules meet the end.
  std::size_t const mask_ = seam::simulated() ? 1 : slots - 1;

  alignas(64) seam::mutex in_guard_;      // guards the next two fields, and writing the ring
  watched<list> list_;                    // what found the ring full
  watched<std::size_t> out_seen_ = 0;     // some earlier value of ring_out_
  seam::atomic<std::size_t> pushed_{0};   // so far, in all; written with in_guard_
  seam::atomic<std::size_t> ring_in_{0};  // pushed into the ring; written with in_guard_
  alignas(64) seam::mutex out_guard_;     // guards the next field; taken before in_guard_
  watched<list> taken_over_;
  seam::atomic<std::size_t> ring_out_{0};  // taken out of the ring; written with out_guard_
  seam::atomic<std::size_t> taken_{0};     // so far, in all; written with out_guard_
  alignas(64) watched<call*> ring_[slots];
  seam::atomic<std::size_t> timed_{0};  // the number of the call that is timed; 0: none
  watched<time_point> timed_since_;
  seam::atomic<duration::rep> longest_wait_{0};
};

}  // namespace quartet::detail::pool
