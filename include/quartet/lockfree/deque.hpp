// SPDX-License-Identifier: Apache-2.0
// A bounded work-stealing deque of pointers: the owner works at one end, thieves at the other.
//
// The algorithm of Chase and Lev (SPAA 2005), with the memory orders of Lê, Pop, Cohen and
// Zappa Nardelli, "Correct and Efficient Work-Stealing for Weak Memory Models" (PPoPP 2013).
// What differs, and why:
// - the array does not grow: it would need reclaiming, and an owner that is full runs the work
//   itself or spills it, so `push` returns false;
// - the owner remembers the last `top` it saw and looks again only when that says full;
// - an order on the operation takes the place of their release fence. It stands on *every* store
//   to `bottom`: since C++20 a thief that reads the relaxed store of a `pop` no longer
//   synchronises with the `push` before it.
//
// Invariants
//   top never falls; items [top, bottom) are in the deque, item i in slot i modulo Capacity.
//   bottom is written by the owner only; during a pop it is one less than the items say.
//   top is written by compare-exchange only, each step takes exactly one item: whoever made the
//   step from i to i + 1 owns item i; the owner takes an item without the step only while
//   top < bottom after the fence, where no thief can reach it.
//   bottom - top <= Capacity; cached_top_ <= top.
//
// Synchronises with
//   (1) release store of bottom in push and pop → (2) acquire load of bottom in steal: the slot
//       and what the item points to are visible to the thief.
//   (3) compare-exchange of top in steal → (4) acquire load of top in push: the thief has read
//       the slot before the owner uses it again.
//   (5) fence in pop between the store of bottom and the load of top, and (6) fence in steal
//       between the load of top and the load of bottom: in their one order, either the thief sees
//       the shortened deque or the owner sees the raised top; both then meet at top and one wins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <quartet/seam/atomic.hpp>
#include <quartet/seam/shared.hpp>

namespace quartet::lockfree {

/// How a steal ended. *Lost* means that another thief or the owner took the item first: there may
/// be more.
enum class steal_status : unsigned char { ok, empty, lost };

/// What a steal brought: `item` is not null if and only if `status` is ok.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: does not own the item.
template <class T> struct stolen {
  T* item = nullptr;
  steal_status status = steal_status::empty;
  explicit operator bool() const noexcept { return item != nullptr; }
};

/// The deque over one policy of the seam: `seam::bare` or `seam::announced`. Programs take `deque`.
/// Threads: `push`, `pop` and `pop_if` belong to the owner; `steal` and `seems_empty` to anyone.
/// Stop: not concerned. Errors: none. Lifetime: owns no item; outlives every call.
/// Progress: `push`, `pop` and `pop_if` are wait-free; `steal` is too, for it may say *lost*. That
/// someone gets an item when several say lost is lock-free.
template <class T, std::size_t Capacity, class Seam> class basic_deque {
  static_assert(Capacity > 0 && (Capacity & (Capacity - 1)) == 0, "a power of two is wanted");

 public:
  /// `limit`: how many items `push` accepts, at most Capacity.
  explicit basic_deque(std::int64_t limit = Capacity) noexcept : limit_(limit) {}
  basic_deque(basic_deque const&) = delete;
  basic_deque& operator=(basic_deque const&) = delete;

  /// Puts `item` (not null) at the owner's end; false if the deque is full.
  bool push(T* item) noexcept {
    auto const b = bottom_.load(seam::relaxed);
    if (b - cached_top_ >= limit_) [[unlikely]] {
      cached_top_ = top_.load(seam::acquire);  // (4)
      if (b - cached_top_ >= limit_) return false;
    }
    slot_[b & mask].store(item, seam::relaxed);
    bottom_.store(b + 1, seam::release);  // (1)
    return true;
  }

  /// Whether `push` would accept an item: for the owner.
  bool has_room() const noexcept {
    return bottom_.load(seam::relaxed) - top_.load(seam::relaxed) < limit_;
  }

  /// Takes the item that was pushed last; null if there is none.
  T* pop() noexcept {
    auto const b = bottom_.load(seam::relaxed) - 1;
    bottom_.store(b, seam::release);  // (1)
    Seam::fence();                    // (5)
    auto t = top_.load(seam::relaxed);
    if (t < b) [[likely]]
      return slot_[b & mask].load(seam::relaxed);
    T* item = nullptr;
    if (t == b) {  // the last one: thieves may want it too
      item = slot_[b & mask].load(seam::relaxed);
      if (!top_.compare_exchange(t, t + 1, seam::seq_cst, seam::relaxed)) item = nullptr;
    }
    bottom_.store(b + 1, seam::release);  // (1)
    return item;
  }

  /// Takes `item` if it is the one that was pushed last.
  bool pop_if(T* item) noexcept {
    auto const b = bottom_.load(seam::relaxed) - 1;
    // What lies there may have been stolen: pop knows.
    return slot_[b & mask].load(seam::relaxed) == item && pop() == item;
  }

  /// Takes the item that was pushed first.
  stolen<T> steal() noexcept {
    auto t = top_.load(seam::acquire);
    Seam::fence();                               // (6)
    auto const b = bottom_.load(seam::acquire);  // (2)
    if (t >= b) return {nullptr, steal_status::empty};
    T* const item = slot_[t & mask].load(seam::relaxed);  // garbage if the step below fails
    if (!top_.compare_exchange(t, t + 1, seam::seq_cst, seam::relaxed))  // (3)
      return {nullptr, steal_status::lost};
    return {item, steal_status::ok};
  }

  /// Whether the deque was empty a moment ago; exact only while nobody else uses it.
  bool seems_empty() const noexcept {
    auto const t = top_.load(seam::acquire);
    return t >= bottom_.load(seam::acquire);
  }

 private:
  static constexpr std::int64_t mask = static_cast<std::int64_t>(Capacity) - 1;
  static constexpr std::size_t line = 64;  // bytes that processors hand to each other

  template <class U> using atomic = typename Seam::template atomic<U>;

  alignas(line) atomic<std::int64_t> top_{0};     // thieves, and the owner for the last item
  alignas(line) atomic<std::int64_t> bottom_{0};  // the owner
  detail::watched<std::int64_t> cached_top_ = 0;  // owner only: some earlier value of top_
  std::int64_t const limit_;
  alignas(line) atomic<T*> slot_[Capacity];
};

/// Work-stealing deque of `T*`, owned by one worker. Prefer it to `injection_queue` where the
/// producer is also the main consumer and newest-first is wanted.
///
/// On the real machine no operation tests a flag. Made on a simulated one, its bare half has limit
/// 0: each push fails the capacity check that exists anyway, each pop and steal finds it empty, and
/// both then go on to the half that announces every step.
/// Threads: `push`, `pop` and `pop_if` belong to the owner; `steal` and `seems_empty` to anyone.
/// Stop: not concerned. Errors: a full deque refuses, the caller keeps the item.
/// Lifetime: owns no item; outlives every call. Belongs to the machine of the thread that made it.
/// Progress: as `basic_deque`. Cost: no allocation on the real machine; 8 bytes a slot.
template <class T, std::size_t Capacity = 1024> class deque {
 public:
  deque() : deque(seam::simulated()) {}
  deque(deque const&) = delete;
  deque& operator=(deque const&) = delete;

  static constexpr std::size_t capacity() noexcept { return Capacity; }

  /// Puts `item` (not null) at the owner's end; false if the deque is full.
  bool push(T* item) noexcept {
    if (bare_.push(item)) [[likely]]
      return true;
    return announced_ != nullptr &&
           seam::rarely([d = announced_.get(), item] { return d->push(item); });
  }

  /// Whether `push` would accept an item: for the owner.
  bool has_room() const noexcept {
    if (announced_ == nullptr) [[likely]]
      return bare_.has_room();
    return seam::rarely([d = announced_.get()] { return d->has_room(); });
  }

  /// Takes the item that was pushed last; null if there is none.
  T* pop() noexcept {
    if (T* const item = bare_.pop()) [[likely]]
      return item;
    if (announced_ == nullptr) return nullptr;
    return seam::rarely([d = announced_.get()] { return d->pop(); });
  }

  /// Takes `item` if it is the one that was pushed last.
  bool pop_if(T* item) noexcept {
    if (bare_.pop_if(item)) [[likely]]
      return true;
    return announced_ != nullptr &&
           seam::rarely([d = announced_.get(), item] { return d->pop_if(item); });
  }

  /// Takes the item that was pushed first.
  stolen<T> steal() noexcept {
    auto const got = bare_.steal();
    if (got.status != steal_status::empty || announced_ == nullptr) return got;
    return seam::rarely([d = announced_.get()] { return d->steal(); });
  }

  /// Whether the deque was empty a moment ago; exact only while nobody else uses it.
  bool seems_empty() const noexcept {
    if (announced_ == nullptr) [[likely]]
      return bare_.seems_empty();
    return seam::rarely([d = announced_.get()] { return d->seems_empty(); });
  }

 private:
  using announced_deque = basic_deque<T, Capacity, seam::announced>;

  explicit deque(bool simulated)
      : bare_(simulated ? 0 : static_cast<std::int64_t>(Capacity)),
        announced_(simulated ? std::make_unique<announced_deque>() : nullptr) {}

  basic_deque<T, Capacity, seam::bare> bare_;
  std::unique_ptr<announced_deque> const announced_;  // null: on the real machine
};

}  // namespace quartet::lockfree
