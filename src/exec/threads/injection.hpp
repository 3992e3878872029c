// SPDX-License-Identifier: Apache-2.0
// Where calls wait that come from outside the workers, have yielded, or found a deque full.
//
// Two lists, each under its own guard: producers append to the one, workers take from the other,
// and the worker who finds that empty moves the first one over, whole, in O(1). So a producer
// meets another producer, and a worker only once for all that came meanwhile.
#pragma once

#include <algorithm>
#include <span>

#include <quartet/base/intrusive_queue.hpp>
#include <quartet/core/call.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

namespace quartet::detail::pool {

/// First in, first out, without bound and without allocation: calls are linked through `next`.
/// Threads: all members concurrently. Stop: not concerned. Errors: none. Lifetime: owns no call.
class injection {
 public:
  template <class W = place> void push(call& c) noexcept {
    seam::guard g(in_guard_);
    in_.write().push_back(c);
    pushed_.store(pushed_.load(seam::relaxed, W::here()) + 1, seam::release, W::here());
  }

  /// How many wait, a moment ago.
  template <class W = place> std::size_t size() const noexcept {
    std::size_t const taken = taken_.load(seam::acquire, W::here());  // (2) first
    return pushed_.load(seam::acquire, W::here()) - taken;
  }

  /// Takes the oldest `1/share` of them, at least one, as many as fit; returns how many.
  template <class W = place> std::size_t take(std::span<call*> into, std::size_t share) noexcept {
    if (size<W>() == 0) return 0;
    seam::guard g(out_guard_);
    std::size_t const there = size<W>();
    std::size_t const want = std::min(into.size(), (there + share - 1) / share);
    for (std::size_t i = 0; i != want; ++i) into[i] = pop();
    // (1) releases what we saw of pushed_, so that nobody sees more taken than pushed.
    taken_.store(taken_.load(seam::relaxed, W::here()) + want, seam::release, W::here());
    return want;
  }

 private:
  /// The oldest; there is one.
  call* pop() noexcept {
    if (out_.read().empty()) {
      seam::guard g(in_guard_);
      out_.write().append(in_.write());
    }
    return out_.write().pop_front();
  }

  using list = intrusive_queue<call, &call::next>;

  alignas(64) seam::mutex in_guard_;  // guards the field below
  watched<list> in_;
  seam::atomic<std::size_t> pushed_{0};  // written with in_guard_, read without
  alignas(64) seam::mutex out_guard_;    // guards the field below; taken before in_guard_
  watched<list> out_;
  seam::atomic<std::size_t> taken_{0};  // written with out_guard_, read without
};

}  // namespace quartet::detail::pool
