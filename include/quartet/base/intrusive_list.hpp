// SPDX-License-Identifier: Apache-2.0
// A doubly linked list through its members: no allocation, removal from the middle in O(1).
#pragma once

#include <quartet/base/assert.hpp>

namespace quartet {

/// What an element of an `intrusive_list` derives from.
/// Threads: guarded by whatever guards the list. Stop: not concerned.
/// Errors: destroying a linked node is an assertion. Lifetime: must outlive its place in the list.
class list_node {
 public:
  list_node() = default;
  list_node(list_node const&) = delete;
  list_node& operator=(list_node const&) = delete;
  ~list_node() { QUARTET_ASSERT(!linked(), "a list node was destroyed while it was in a list"); }

  bool linked() const noexcept { return next_ != nullptr; }

 private:
  template <class T> friend class intrusive_list;
  list_node* next_ = nullptr;  // null: in no list
  list_node* prev_ = nullptr;
};

/// First-in first-out list of `T`, which derives from `list_node`.
/// Threads: none by itself. Stop: not concerned. Errors: linking twice is an assertion.
/// Lifetime: owns no element; must be empty when destroyed.
template <class T> class intrusive_list {
 public:
  intrusive_list() noexcept { head_.next_ = head_.prev_ = &head_; }
  intrusive_list(intrusive_list const&) = delete;
  intrusive_list& operator=(intrusive_list const&) = delete;
  ~intrusive_list() {
    QUARTET_ASSERT(empty(), "an intrusive list was destroyed with elements in it");
    head_.next_ = nullptr;
  }

  bool empty() const noexcept { return head_.next_ == &head_; }
  T& front() noexcept { return static_cast<T&>(*head_.next_); }

  void push_back(T& x) noexcept { insert_before(head_, x); }
  void push_front(T& x) noexcept { insert_before(*head_.next_, x); }

  void remove(T& x) noexcept {
    list_node& n = x;
    n.prev_->next_ = n.next_;
    n.next_->prev_ = n.prev_;
    n.next_ = n.prev_ = nullptr;
  }

  /// Removes and returns the first element, null if there is none.
  T* pop_front() noexcept {
    if (empty()) return nullptr;
    T& x = front();
    remove(x);
    return &x;
  }

  /// Calls `f(T&)` for each element in order; `f` must not change the list.
  template <class F> void each(F f) {
    for (list_node* n = head_.next_; n != &head_; n = n->next_) f(static_cast<T&>(*n));
  }

  /// Moves every element of `other` behind ours.
  void splice_back(intrusive_list& other) noexcept {
    while (T* x = other.pop_front()) push_back(*x);
  }

 private:
  static void insert_before(list_node& at, T& x) noexcept {
    list_node& n = x;
    QUARTET_ASSERT(!n.linked(), "a list node was put into two lists");
    n.prev_ = at.prev_;
    n.next_ = &at;
    at.prev_->next_ = &n;
    at.prev_ = &n;
  }

  list_node head_;
};

}  // namespace quartet
