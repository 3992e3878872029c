// SPDX-License-Identifier: Apache-2.0
// What becomes of the results of blocks: they are joined pairwise, always the same pairs.
//
// The joins form a tree over the blocks whose shape follows from their number. Each join has a
// right side that begins at a block of its own, whose number is the number of the join. Of the two
// who finish its sides, the first leaves a mark and goes, the second joins them and goes up.
//
// Synchronises with
//   (1) exchange of arrived_[j] by the first of the two → (2) the same by the second: the partial
//   result of the first one's side.
#pragma once

#include <memory>

#include <quartet/algo/batch.hpp>
#include <quartet/algo/detail/blocks.hpp>
#include <quartet/base/invoke.hpp>

namespace quartet::detail {

/// Threads: `put` concurrently for different blocks. Stop: as for ordered_store.
/// Errors: those of blocks; what the operation throws counts as a failure of its right side.
/// Lifetime: part of the record.
template <class T, class Op> class folding_store : public ordered_store<void> {
 public:
  static constexpr bool drops_values = false;

  /// `join_at_once`: whoever brings a result joins; else whoever takes the whole does it all.
  folding_store(std::size_t n, T&& first, Op const& op, block_cut c, observer* progress,
                bool join_at_once)
      : ordered_store<void>(n),
        first_(std::move(first)),
        op_(op),
        cut_(c),
        progress_(progress),
        join_at_once_(join_at_once),
        partials_(n),
        arrived_(std::make_unique<seam::atomic<bool>[]>(n)) {
    if (progress_ != nullptr) progress_->on_added(cut_.items);
  }

  void put(std::size_t block, outcome<T>&& o, call_record& record) noexcept {
    ending const how = o.how();
    if (o)
      keep(block, std::move(o), record);
    else
      ordered_store<void>::put(block, without_value(o), record);
    if (progress_ != nullptr)
      for (std::size_t i = cut_.items_of(block); i != 0; --i) progress_->on_ended(how);
  }

  /// After the end. Errors: the failure, timed_out or stopped; what the operation throws.
  T take() {
    ordered_store<void>::take();
    if (partials_.empty()) return std::move(first_);
    if (!join_at_once_)
      for (std::size_t i = 0; i != partials_.size(); ++i) climb(i);
    return detail::invoke(op_, std::move(first_), std::move(*partials_[0].write()));
  }

 private:
  void keep(std::size_t block, outcome<T>&& o, call_record& record) noexcept {
    try {
      partials_[block].write().emplace(o.take());
      if (join_at_once_) climb(block);
    } catch (...) {
      ordered_store<void>::put(block, outcome<void>::of_error(std::current_exception()), record);
    }
  }

  /// From the side that begins with block `left`, as far up as the other sides are there.
  void climb(std::size_t left) {
    for (std::size_t half = 1; half < partials_.size(); half *= 2) {
      std::size_t const right = left | half;
      left &= ~half;
      if (right >= partials_.size()) continue;                     // this side is alone
      if (!arrived_[right].exchange(true, seam::acq_rel)) return;  // (1), (2)
      std::optional<T>& r = partials_[right].write();
      std::optional<T>& l = partials_[left].write();
      *l = detail::invoke(op_, std::move(*l), std::move(*r));
      r.reset();
    }
  }

  T first_;
  Op const op_;
  block_cut const cut_;
  observer* const progress_;
  bool const join_at_once_;
  std::vector<watched<std::optional<T>>> partials_;  // of a side, at the block it begins with
  std::unique_ptr<seam::atomic<bool>[]> arrived_;    // of join j: one of its sides is there
};

}  // namespace quartet::detail
