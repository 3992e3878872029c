// SPDX-License-Identifier: Apache-2.0
// Where calls wait that come from outside the workers, have yielded, or found a deque full.
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
    seam::guard g(guard_);
    queue_.write().push_back(c);
    size_.store(size_.load(seam::relaxed, W::here()) + 1, seam::relaxed, W::here());
  }

  /// How many wait, a moment ago.
  template <class W = place> std::size_t size() const noexcept {
    return size_.load(seam::relaxed, W::here());
  }

  /// Takes the oldest `1/share` of them, at least one, as many as fit; returns how many.
  template <class W = place> std::size_t take(std::span<call*> into, std::size_t share) noexcept {
    if (size<W>() == 0) return 0;
    seam::guard g(guard_);
    std::size_t const there = size_.load(seam::relaxed, W::here());
    std::size_t const want = std::min(into.size(), (there + share - 1) / share);
    for (std::size_t i = 0; i != want; ++i) into[i] = queue_.write().pop_front();
    size_.store(there - want, seam::relaxed, W::here());
    return want;
  }

 private:
  seam::mutex guard_;  // guards the fields below
  watched<intrusive_queue<call, &call::next>> queue_;
  seam::atomic<std::size_t> size_{0};  // read without the guard
};

}  // namespace quartet::detail::pool
