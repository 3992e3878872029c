// SPDX-License-Identifier: Apache-2.0
// A bounded first-in first-out ring between one producer and one consumer, of threads or processes.
//
// Lamport's ring (1983) with the two cached indices of Lee, Bu and Chandranmenon, "A Lock-Free,
// Cache-Efficient Multi-Core Synchronization Mechanism" (MCRingBuffer, 2010): each side looks at
// the other's line only when what it remembers says full or empty.
//
// Invariants
//   head_ and tail_ never fall; values [tail_, head_) are in the ring, value i in slot i modulo
//   Capacity. head_ is written by the producer only, tail_ by the consumer only.
//   0 <= head_ - tail_ <= Capacity; seen_tail_ <= tail_; seen_head_ <= head_.
//   Every access to a slot is masked: a peer process that writes nonsense into the indices gives us
//   wrong values, never an access outside of the ring.
//
// Synchronises with
//   (1) release store of head_ in push → (2) acquire load of head_ in pop: the value is there.
//   (3) release store of tail_ in pop → (4) acquire load of tail_ in push: the value was copied
//       out before its slot is used again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <quartet/seam/atomic.hpp>
#include <quartet/seam/shared.hpp>

namespace quartet::lockfree {

/// The ring over one policy of the seam: `seam::bare`, or `seam::announced` where the machine is
/// simulated. It holds no pointer and no lock: constructed in memory that two processes share, it
/// works between them, if both agree on `T` and `Capacity`; zeroed memory is an empty ring.
/// Shape: `Capacity` values in place, a power of two; three cache lines more.
/// Threads: `push` one producer, `pop` one consumer, the others anyone. Stop: not concerned.
/// Errors: a full ring refuses, the caller keeps the value.
/// Lifetime: trivially destructible; values left inside are forgotten.
/// Progress: wait-free.
template <class T, std::size_t Capacity, class Seam> class basic_spsc_ring {
  static_assert(Capacity > 0 && (Capacity & (Capacity - 1)) == 0, "a power of two is wanted");
  static_assert(std::is_trivially_copyable_v<T>, "values cross borders of processes as bytes");

 public:
  basic_spsc_ring() = default;
  basic_spsc_ring(basic_spsc_ring const&) = delete;
  basic_spsc_ring& operator=(basic_spsc_ring const&) = delete;

  static constexpr std::size_t capacity() noexcept { return Capacity; }

  /// Appends `value`; false if the ring is full.
  bool push(T const& value) noexcept {
    auto const h = head_.load(seam::relaxed);
    if (h - seen_tail_ >= Capacity) {
      seen_tail_ = tail_.load(seam::acquire);  // (4)
      if (h - seen_tail_ >= Capacity) return false;
    }
    slot_[h & mask] = value;
    head_.store(h + 1, seam::release);  // (1)
    return true;
  }

  /// Moves the oldest value into `into`; false if there is none.
  bool pop(T& into) noexcept {
    auto const t = tail_.load(seam::relaxed);
    if (t == seen_head_) {
      seen_head_ = head_.load(seam::acquire);  // (2)
      if (t == seen_head_) return false;
    }
    into = slot_[t & mask];
    tail_.store(t + 1, seam::release);  // (3)
    return true;
  }

  /// How many values were inside a moment ago; exact only while nobody else uses the ring.
  std::size_t size() const noexcept {
    auto const t = tail_.load(seam::acquire);
    auto const n = head_.load(seam::acquire) - t;
    return static_cast<std::size_t>(n < Capacity ? n : Capacity);
  }
  bool seems_empty() const noexcept { return size() == 0; }

 private:
  static constexpr std::uint64_t mask = Capacity - 1;
  static constexpr std::size_t line = 64;

  using index = typename Seam::template atomic<std::uint64_t>;
  // In memory that processes share it has to stay trivial.
  template <class U> using own =
      std::conditional_t<std::is_same_v<Seam, seam::bare>, U, detail::watched<U>>;

  alignas(line) index head_{0};       // the producer's line
  own<std::uint64_t> seen_tail_ = 0;  // producer only: some earlier value of tail_
  alignas(line) index tail_{0};       // the consumer's line
  own<std::uint64_t> seen_head_ = 0;  // consumer only: some earlier value of head_
  alignas(line) own<T> slot_[Capacity] = {};
};

/// The ring on the real machine.
template <class T, std::size_t Capacity> using spsc_ring = basic_spsc_ring<T, Capacity, seam::bare>;

}  // namespace quartet::lockfree
