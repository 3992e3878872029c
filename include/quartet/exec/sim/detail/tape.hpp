// SPDX-License-Identifier: Apache-2.0
// A list in memory that others can look at, even after its writer has crashed.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

namespace quartet::detail::sim {

/// Items one after the other in memory of somebody else's choosing: the heap, or pages that are
/// shared with another process. What does not fit any more is counted and left out.
/// Threads: one writes; who reads comes afterwards. Stop: not concerned. Errors: none.
/// Lifetime: of its memory, which begins with zeros.
template <class T> class tape {
  static_assert(std::is_trivially_copyable_v<T>);
  struct head {
    std::size_t count;
  };
  static constexpr std::size_t items_at = (sizeof(head) + alignof(T) - 1) / alignof(T) * alignof(T);

 public:
  static constexpr std::size_t bytes_for(std::size_t n) noexcept {
    return items_at + n * sizeof(T);
  }
  /// `memory` is aligned like what operator new gives.
  tape(void* memory, std::size_t bytes) noexcept
      : memory_(static_cast<std::byte*>(memory)), capacity_((bytes - items_at) / sizeof(T)) {}

  void push(T const& x) noexcept {
    std::size_t const n = count()++;
    if (n < capacity_) items()[n] = x;
  }
  void clear() noexcept { count() = 0; }
  std::span<T const> written() const noexcept {
    return {items(), count() < capacity_ ? count() : capacity_};
  }
  /// With those that did not fit.
  std::size_t& count() const noexcept { return reinterpret_cast<head*>(memory_)->count; }

 private:
  T* items() const noexcept { return reinterpret_cast<T*>(memory_ + items_at); }
  std::byte* memory_;
  std::size_t capacity_;
};

}  // namespace quartet::detail::sim
