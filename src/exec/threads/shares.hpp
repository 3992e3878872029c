// SPDX-License-Identifier: Apache-2.0
// Whose turn it is in the background: weighted fair queueing.
//
// Each account has a first-in first-out queue and has paid for its turns, in time divided by its
// share. Next is who has paid least. A turn is paid in advance, at what the account's turns cost
// usually; once its cost is known the difference is booked, and settled when the account is next
// in front. Who comes anew has paid as much as who is in front: nobody saves up by idling.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

#include <quartet/base/intrusive_queue.hpp>
#include <quartet/core/call.hpp>

namespace quartet::detail::pool {

/// A call that has its turn, and what was paid for it.
struct paid_turn {
  call* of = nullptr;  // null: nothing waits
  duration paid{};     // zero: there is nobody to be fair to
  account_number account = 0;
};

/// Threads: none by itself. Stop: not concerned. Errors: none; without memory for a further account
/// its calls wait with those of account 0. Lifetime: owns no call.
class shares {
 public:
  void push(call& c) noexcept {
    account_number const n = known(c.account);
    account& a = at(n);
    a.calls.push_back(c);
    if (a.waits) return;
    a.paid = std::max(a.paid, front_);
    enter(n);
  }

  paid_turn pop() noexcept {
    while (anybody()) {
      account_number const n = leave_first();
      account& a = at(n);
      if (a.owes != 0 && !a.calls.empty()) {
        a.paid = static_cast<std::uint64_t>(std::max<std::int64_t>(
            0, static_cast<std::int64_t>(a.paid) + std::exchange(a.owes, 0)));
        enter(n);
        continue;
      }
      call* const c = a.calls.pop_front();
      if (c == nullptr) continue;  // what waited was taken out of the middle
      front_ = std::max(front_, a.paid);
      duration const price = others_.empty() ? duration::zero() : a.usual + each_turn;
      a.paid += static_cast<std::uint64_t>(in_shares(price, n));
      if (!a.calls.empty()) enter(n);
      return {c, price, n};
    }
    return {};
  }

  /// The turn has cost so much.
  void book(paid_turn const& t, duration cost) noexcept {
    account& a = at(t.account);
    a.owes += in_shares(cost + each_turn - t.paid, t.account);
    a.usual += (cost - a.usual) / 8;
  }

  /// Takes `c` out of the middle. False: it is not here (any more).
  bool remove(call& c) noexcept {
    account_number const n = known(c.account);
    return at(n).calls.remove(c) || (n != 0 && first_.calls.remove(c));
  }

  /// What a turn costs besides its call: so turns count even where calls take no time.
  static constexpr duration each_turn = std::chrono::microseconds(1);

 private:
  struct account {
    intrusive_queue<call, &call::next> calls;
    std::uint64_t paid = 0;  // nanoseconds divided by the share, less what it owes
    std::int64_t owes = 0;
    duration usual{};
    bool waits = false;  // is in waiting_; then its calls may have gone
  };

  account& at(account_number n) noexcept { return n == 0 ? first_ : others_[n - 1u]; }

  /// `n`, or 0 if there is no memory for it.
  account_number known(account_number n) noexcept {
    if (n <= others_.size()) return n;
    try {
      bool const alone = !is_heap();
      waiting_.reserve(n + 1u);  // so that who waits always finds room
      if (alone && first_.waits) waiting_.push_back(0);
      others_.resize(n);
      return n;
    } catch (std::bad_alloc const&) {
      return 0;
    }
  }

  static std::int64_t in_shares(duration d, account_number n) noexcept {
    return d.count() * scale / static_cast<std::int64_t>(share_account::share_of(n));
  }

  bool is_heap() const noexcept { return waiting_.capacity() != 0; }
  bool anybody() const noexcept { return is_heap() ? !waiting_.empty() : first_.waits; }
  // The least paid in front; of those that paid alike the lowest number.
  bool behind(account_number x, account_number y) noexcept {
    account const &a = at(x), &b = at(y);
    return a.paid != b.paid ? a.paid > b.paid : x > y;
  }
  void enter(account_number n) noexcept {
    at(n).waits = true;
    if (!is_heap()) return;
    waiting_.push_back(n);
    std::push_heap(waiting_.begin(), waiting_.end(),
                   [this](auto x, auto y) { return behind(x, y); });
  }
  account_number leave_first() noexcept {
    account_number n = 0;
    if (is_heap()) {
      std::pop_heap(waiting_.begin(), waiting_.end(),
                    [this](auto x, auto y) { return behind(x, y); });
      n = waiting_.back();
      waiting_.pop_back();
    }
    at(n).waits = false;
    return n;
  }

  static constexpr std::int64_t scale = 1024;

  account first_;
  std::vector<account> others_;          // by number less one, as far as any has called
  std::vector<account_number> waiting_;  // a heap of those with calls; none before others_ were
  std::uint64_t front_ = 0;              // what who was last in front had paid
};

}  // namespace quartet::detail::pool
