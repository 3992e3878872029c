// SPDX-License-Identifier: Apache-2.0
// Counts calls on many threads without shared writes, so that counting costs the pools nothing.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace bench {

/// One cell for each thread that ever hits; there is one tally in a program.
class tally {
 public:
  static void hit() noexcept {
    if (own_ == nullptr) own_ = claim();
    // (1) release, seen by acquire (2): the plain load is safe as only this thread writes the cell.
    own_->hits.store(own_->hits.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  static long total() noexcept {
    long sum = 0;
    for (cell const& each : cells_) sum += each.hits.load(std::memory_order_acquire);  // (2)
    return sum;
  }

  /// Sleeps between looks: a spinning waiter would take a core and the cells' cache lines away
  /// from the workers; 20 µs more or less are nothing against the whole round.
  static void wait_for(long hits) {
    while (total() < hits) std::this_thread::sleep_for(std::chrono::microseconds(20));
  }

 private:
  struct alignas(64) cell {
    std::atomic<long> hits;  // zero: C++20 atomics are value-initialised
  };

  static cell* claim() noexcept {
    std::size_t const index = claimed_.fetch_add(1, std::memory_order_relaxed);
    if (index >= cells_.size()) std::abort();
    return &cells_[index];
  }

  inline static std::array<cell, 1100> cells_{};
  inline static std::atomic<std::size_t> claimed_{0};
  inline static constinit thread_local cell* own_ = nullptr;
};

}  // namespace bench
