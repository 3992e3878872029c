// SPDX-License-Identifier: Apache-2.0
// A range seen as blocks of neighbouring items, cut by the number of items alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <vector>

namespace quartet::detail {

/// Where the blocks of so many items begin. Who runs them, and how many there are to run them, does
/// not change it.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct block_cut {
  /// Enough for many workers with uneven work, few enough that each is worth its bookkeeping.
  static constexpr std::size_t most = 1024;

  /// `wanted`: items of a block; 0: as many as make at most `most` blocks.
  block_cut(std::size_t n, std::size_t wanted) noexcept
      : items(n), grain(std::max<std::size_t>(wanted != 0 ? wanted : parts(n, most), 1)) {}

  std::size_t size() const noexcept { return parts(items, grain); }
  std::size_t items_of(std::size_t block) const noexcept {
    return std::min(grain, items - block * grain);
  }

  std::size_t items;  // in all
  std::size_t grain;  // of each block but the last

 private:
  static std::size_t parts(std::size_t n, std::size_t of) noexcept {
    return n / of + (n % of != 0 ? 1 : 0);
  }
};

/// The blocks as a range of its own: as much of one as a bulk call needs. `Block` is a view of the
/// items, or a container that they are copied into.
/// Threads: like the range. Stop: not concerned. Errors: what copying an item throws.
/// Lifetime: borrows the items if `Range` is an lvalue reference, else owns them.
template <class Range, class Block> class blocks {
 public:
  template <class R> blocks(R&& items, block_cut c) : items_(std::forward<R>(items)), cut_(c) {}

  class iterator {
   public:
    using value_type = Block;
    using difference_type = std::ptrdiff_t;
    Block operator*() const { return of_->at(at_); }
    Block operator[](difference_type i) const { return of_->at(at_ + static_cast<std::size_t>(i)); }
    iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    void operator++(int) noexcept { ++at_; }
    bool operator==(std::default_sentinel_t) const noexcept { return at_ == of_->size(); }

   private:
    friend blocks;
    explicit iterator(blocks& b) noexcept : of_(&b) {}
    blocks* of_;
    std::size_t at_ = 0;
  };
  iterator begin() noexcept { return iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }
  std::size_t size() const noexcept { return cut_.size(); }

 private:
  using step = std::ranges::range_difference_t<std::remove_reference_t<Range>>;

  Block at(std::size_t block) {
    auto const first = std::ranges::begin(items_) + static_cast<step>(block * cut_.grain);
    return Block(first, first + static_cast<step>(cut_.items_of(block)));
  }

  Range items_;  // an lvalue reference, or the range itself
  block_cut cut_;
};

}  // namespace quartet::detail
