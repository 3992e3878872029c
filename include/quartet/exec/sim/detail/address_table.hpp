// SPDX-License-Identifier: Apache-2.0
// Things found by an address, in a run that begins with none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace quartet::detail::sim {

/// Finds the `T` of an address. `T::reset(address, number)` makes one fit for another use; they are
/// numbered in the order in which they were first asked for.
/// Threads: belongs to its world. Stop: not concerned. Errors: bad_alloc.
/// Lifetime: references stay until `clear`; the memory serves the next run.
template <class T> class address_table {
 public:
  address_table() : slots_(64) {}

  T& at(void const* address) {
    slot const& s = slots_[index(address)];
    if (s.address == address && s.run == run_) [[likely]]
      return *s.item;
    return search(address);
  }
  /// At the first look, or null: then `at` finds it, or makes it.
  T* find(void const* address) const noexcept {
    slot const& s = slots_[index(address)];
    return s.address == address && s.run == run_ ? s.item : nullptr;
  }
  /// One that `at` does not find.
  T& add(void const* address) {
    if (count_ == items_.size()) items_.push_back(std::make_unique<T>());
    T& item = *items_[count_];
    item.reset(address, count_++);
    return item;
  }
  T& operator[](unsigned number) noexcept { return *items_[number]; }
  T const& operator[](unsigned number) const noexcept { return *items_[number]; }
  unsigned size() const noexcept { return count_; }
  void clear() noexcept {
    ++run_;
    count_ = 0;
    filled_ = 0;
  }

 private:
  struct slot {
    void const* address = nullptr;
    T* item = nullptr;
    std::uint64_t run = 0;  // that filled it; any other: empty
  };
  std::size_t index(void const* address) const noexcept {
    auto const x = reinterpret_cast<std::uintptr_t>(address) * 0x9E3779B97F4A7C15U;
    return (x >> 32U) & mask_;
  }
  [[gnu::noinline]] T& search(void const* address) {
    for (std::size_t i = index(address);; i = (i + 1) & mask_) {
      slot& s = slots_[i];
      if (s.run != run_) return insert(s, address);
      if (s.address == address) return *s.item;
    }
  }
  T& insert(slot& s, void const* address) {
    if (2 * (filled_ + 1) > slots_.size()) return grow(), search(address);
    ++filled_;
    s = {address, &add(address), run_};
    return *s.item;
  }
  void grow() {
    std::vector<slot> const old(std::exchange(slots_, std::vector<slot>(2 * slots_.size())));
    mask_ = slots_.size() - 1;
    for (slot const& s : old) {
      if (s.run != run_) continue;
      std::size_t i = index(s.address);
      while (slots_[i].run == run_) i = (i + 1) & mask_;
      slots_[i] = s;
    }
  }

  std::vector<slot> slots_;  // a power of two, at most half full
  std::size_t mask_ = slots_.size() - 1;
  std::size_t filled_ = 0;
  std::vector<std::unique_ptr<T>> items_;
  unsigned count_ = 0;
  std::uint64_t run_ = 1;
};

}  // namespace quartet::detail::sim
