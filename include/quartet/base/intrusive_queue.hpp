// SPDX-License-Identifier: Apache-2.0
// A singly linked first-in first-out queue through a `next` member of its elements.
#pragma once

#include <utility>

namespace quartet {

/// Queue of `T`, linked through the member `Next`. Counts its elements.
/// Threads: none by itself. Stop: not concerned. Errors: none.
/// Lifetime: owns no element; an element is in one queue at a time.
template <class T, T* T::*Next> class intrusive_queue {
 public:
  bool empty() const noexcept { return head_ == nullptr; }

  void push_back(T& x) noexcept {
    x.*Next = nullptr;
    if (head_ == nullptr)
      head_ = &x;
    else
      tail_->*Next = &x;
    tail_ = &x;
  }

  void push_front(T& x) noexcept {
    x.*Next = head_;
    if (head_ == nullptr) tail_ = &x;
    head_ = &x;
  }

  /// Removes and returns the first element, null if there is none.
  T* pop_front() noexcept {
    T* x = head_;
    if (x != nullptr) head_ = x->*Next;
    return x;
  }

  /// Removes and returns the first that is meant; null: none is. Cost: looks at all before it.
  template <class Meant> T* remove_first(Meant const& meant) noexcept {
    T* before = nullptr;
    for (T* y = head_; y != nullptr; before = std::exchange(y, y->*Next)) {
      if (!meant(*y)) continue;
      (before == nullptr ? head_ : before->*Next) = y->*Next;
      if (tail_ == y) tail_ = before;
      return y;
    }
    return nullptr;
  }
  /// Removes `x`. False: it is not here. Cost: looks at all that are before it.
  bool remove(T& x) noexcept {
    return remove_first([&x](T const& y) { return &y == &x; }) != nullptr;
  }

  /// Moves every element of `other` behind ours, in O(1).
  void append(intrusive_queue& other) noexcept {
    if (other.empty()) return;
    if (empty())
      head_ = other.head_;
    else
      tail_->*Next = other.head_;
    tail_ = other.tail_;
    other.head_ = nullptr;
  }

 private:
  T* head_ = nullptr;
  T* tail_ = nullptr;  // meaningless while head_ is null
};

}  // namespace quartet
