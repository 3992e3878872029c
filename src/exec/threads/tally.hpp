// SPDX-License-Identifier: Apache-2.0
// A number that one thread counts up and others read now and then.
#pragma once

#include <cstdint>

#include <quartet/seam/atomic.hpp>

namespace quartet::detail::pool {

/// Threads: `add` by one at a time; `read` by all. What is counted is nobody's business but a
/// reader's, so a simulated machine is not told. Stop: not concerned. Errors: none.
/// Lifetime: a member.
class tally {
 public:
  void add() noexcept {
    n_.store(n_.load(seam::relaxed, seam::quiet()) + 1, seam::relaxed, seam::quiet());
  }
  std::uint64_t read() const noexcept { return n_.load(seam::relaxed, seam::quiet()); }

 private:
  seam::atomic<std::uint64_t> n_{0};
};

}  // namespace quartet::detail::pool
