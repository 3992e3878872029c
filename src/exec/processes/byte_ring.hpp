// SPDX-License-Identifier: Apache-2.0
// Where the next bytes go in a ring whose pieces are contiguous and freed in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace quartet::detail::processes {

/// Hands out pieces of `capacity` bytes. Positions count all bytes ever handed out, so that
/// `head - tail` is what is taken; the offset is the position modulo the capacity.
/// Threads: belongs to the side that fills the ring.
class byte_ring {
 public:
  explicit byte_ring(std::size_t capacity) noexcept : capacity_(capacity) {}

  struct window {
    std::size_t offset;
    std::size_t size;
  };
  /// What is free and contiguous where the last piece ended.
  window next() const noexcept {
    std::size_t const offset = head_ % capacity_;
    std::size_t const left = capacity_ - static_cast<std::size_t>(head_ - tail_);
    std::size_t const to_end = capacity_ - offset;
    return {offset, left < to_end ? left : to_end};
  }

  /// Takes `size` contiguous bytes, from the beginning if need be; nothing if they are not free.
  std::optional<std::size_t> place(std::size_t size) noexcept {
    std::size_t const need = (size + 15) / 16 * 16;
    std::size_t const offset = head_ % capacity_;
    std::size_t const skip = offset + need > capacity_ ? capacity_ - offset : 0;
    if (head_ + skip + need - tail_ > capacity_) return std::nullopt;
    head_ += skip + need;
    return (offset + skip) % capacity_;
  }

  std::uint64_t position() const noexcept { return head_; }
  /// Everything in front of `position` is free again.
  void free_up_to(std::uint64_t position) noexcept { tail_ = position; }

 private:
  std::size_t const capacity_;  // a multiple of 16
  std::uint64_t head_ = 0;
  std::uint64_t tail_ = 0;
};

}  // namespace quartet::detail::processes
