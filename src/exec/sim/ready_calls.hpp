// SPDX-License-Identifier: Apache-2.0
// Calls that wait for a worker, any of which may be next.
#pragma once

#include <cstddef>

#include <quartet/core/call.hpp>

namespace quartet::detail::sim {

/// Items of one call, given out a chunk at a time. Stands in for the call while it waits.
/// Threads: guarded by whoever owns it. Stop: not concerned. Errors: none.
/// Lifetime: of the executor, from `start` until the last chunk has been run.
struct call_range : call {
  explicit call_range(call& c) noexcept;
  /// The range that `c` stands in for; null: it is a call itself.
  static call_range* of(call& c) noexcept;
  /// Takes the next chunk: from here up to `taken`; all that is left if the call is stopped, since
  /// that settles items without running them.
  std::size_t take_chunk(bool stopped) noexcept;
  bool all_taken() const noexcept { return taken == count; }
  bool may_run() const noexcept { return !all_taken() && running < most; }

  call& whole;            // gone when its last item has been run
  std::size_t taken = 0;  // items
  unsigned running = 0;   // chunks
  unsigned const most;    // of those at once
  bool waits = true;      // is among the ready ones, or held by a worker that will take a chunk
};

/// The ready ones, in the order of their coming.
/// Threads: guarded by whoever owns it. Stop: not concerned. Errors: none.
/// Lifetime: owns no call.
class ready_calls {
 public:
  /// Any of the first so many may be next: a choice among more would cost a long walk.
  static constexpr std::size_t choice = 256;

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  void push(call& c) noexcept;
  /// Takes out the one at `i`, `i` < `size()`.
  call& take(std::size_t i) noexcept;

 private:
  call* first_ = nullptr;
  call** end_ = &first_;  // where the next one is linked
  std::size_t size_ = 0;
};

}  // namespace quartet::detail::sim
