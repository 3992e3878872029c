// SPDX-License-Identifier: Apache-2.0
// A list that grows at its end, for the ways that every operation goes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace quartet::detail::sim {

/// A vector of plain items whose growth is out of line: `std::vector` brings it, and the registers
/// that it takes, into each function that adds an item.
/// Threads: belongs to its world. Stop: not concerned. Errors: bad_alloc.
/// Lifetime: `clear` keeps the memory; adding may move the items.
template <class T> class pile {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  void push_back(T const& x) {
    if (end_ == room_end_) [[unlikely]]
      grow();
    *end_++ = x;
  }
  bool full() const noexcept { return end_ == room_end_; }
  /// If it is not full.
  void push_back_quickly(T const& x) noexcept { *end_++ = x; }
  void pop_back() noexcept { --end_; }
  T& back() noexcept { return end_[-1]; }
  T* begin() noexcept { return items_.get(); }
  T* end() noexcept { return end_; }
  T const* begin() const noexcept { return items_.get(); }
  T const* end() const noexcept { return end_; }
  T const* data() const noexcept { return items_.get(); }
  std::size_t size() const noexcept { return static_cast<std::size_t>(end_ - items_.get()); }
  bool empty() const noexcept { return end_ == items_.get(); }
  void clear() noexcept { end_ = items_.get(); }
  /// All from `from` on.
  void cut(T* from) noexcept { end_ = from; }
  template <class P> void erase_if(P const& which) { end_ = std::remove_if(begin(), end_, which); }

 private:
  [[gnu::noinline]] void grow() {
    std::size_t const n = size();
    std::size_t const room = std::max<std::size_t>(4, 2 * n);
    auto larger = std::make_unique<T[]>(room);
    std::copy(begin(), end_, larger.get());
    items_ = std::move(larger);
    end_ = items_.get() + n;
    room_end_ = items_.get() + room;
  }

  std::unique_ptr<T[]> items_;
  T* end_ = nullptr;
  T* room_end_ = nullptr;
};

}  // namespace quartet::detail::sim
