// SPDX-License-Identifier: Apache-2.0
// Whose turn it is in the background: weighted fair queueing.
//
// Each account has a first-in first-out queue and has paid for its turns, in time divided by its
// share. Next is who has paid least. A turn is paid in advance, at what the account's turns cost
// usually; once its cost is known what was too much is given back, and what was too little settled
// when the account is next in front, or comes anew. Who comes anew has paid as much as who is in
// front, if not more: nobody saves up by idling.
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
  share_account::holder holder{};  // of the account, then
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
    share_account::holder const now = share_account::holder_of(n);
    if (now.generation != a.holder.generation) a = {.calls = a.calls};
    a.holder = now;
    settle(a);
    a.paid = std::max(a.paid, front_);
    enter(n);
  }

  paid_turn pop() noexcept {
    while (anybody()) {
      account_number const n = leave_first();
      account& a = at(n);
      if (a.owes != 0 && !a.calls.empty()) {
        settle(a);
        enter(n);
        continue;
      }
      call* const c = a.calls.pop_front();
      if (c == nullptr) continue;  // what waited was taken out of the middle
      if ((front_ = std::max(front_, a.paid)) > far) begin_anew();
      paid_turn const turn{c, others_.empty() ? duration::zero() : a.usual + each_turn, n,
                           a.holder};
      a.paid += static_cast<std::uint64_t>(price(turn.paid, turn));
      if (!a.calls.empty()) enter(n);
      return turn;
    }
    return {};
  }

  /// The turn has cost so much.
  void book(paid_turn const& t, duration cost) noexcept {
    account& a = at(t.account);
    if (a.holder.generation != t.holder.generation) return;
    a.owes += price(cost + each_turn - t.paid, t);
    // One that is out of the ordinary does not make the next ones dear.
    a.usual += (std::min(cost, 4 * a.usual + ordinary) - a.usual) / 8;
    if (a.owes >= 0) return;
    settle(a);
    if (a.waits) move_forward(t.account);
  }

  /// Takes the first of this account that is meant out of the middle; null: none is here.
  template <class Meant> call* remove_first(account_number of, Meant const& meant) noexcept {
    account_number const n = of <= others_.size() ? of : account_number{0};
    call* const c = at(n).calls.remove_first(meant);
    return c != nullptr || n == 0 ? c : first_.calls.remove_first(meant);
  }

  /// What a turn costs besides its call: so turns count even where calls take no time.
  static constexpr duration each_turn = std::chrono::microseconds(1);

 private:
  struct account {
    intrusive_queue<call, &call::next> calls;
    std::uint64_t paid = 0;
    std::int64_t owes = 0;
    duration usual{};
    share_account::holder holder{};
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

  static std::int64_t price(duration d, paid_turn const& t) noexcept {
    unsigned const share = t.holder.share == 0 ? share_account::usual : t.holder.share;
    return std::min(d, longest).count() * scale / static_cast<std::int64_t>(share);
  }
  static void settle(account& a) noexcept {
    std::int64_t const owes = std::exchange(a.owes, 0);
    std::uint64_t const back = owes < 0 ? static_cast<std::uint64_t>(-owes) : 0;
    a.paid = owes < 0 ? a.paid - std::min(a.paid, back) : a.paid + static_cast<std::uint64_t>(owes);
  }
  bool is_heap() const noexcept { return waiting_.capacity() != 0; }
  bool anybody() const noexcept { return is_heap() ? !waiting_.empty() : first_.waits; }
  // The least paid in front; of those that paid alike the lowest number.
  auto behind_in_line() noexcept {
    return [this](account_number x, account_number y) {
      account const &a = at(x), &b = at(y);
      return a.paid != b.paid ? a.paid > b.paid : x > y;
    };
  }
  void enter(account_number n) noexcept {
    at(n).waits = true;
    if (!is_heap()) return;
    waiting_.push_back(n);
    std::push_heap(waiting_.begin(), waiting_.end(), behind_in_line());
  }
  /// `n`, which waits, has paid less than before.
  void move_forward(account_number n) noexcept {
    if (!is_heap()) return;
    auto const at = std::find(waiting_.begin(), waiting_.end(), n);
    std::push_heap(waiting_.begin(), at + 1, behind_in_line());
  }
  account_number leave_first() noexcept {
    account_number n = 0;
    if (is_heap()) {
      std::pop_heap(waiting_.begin(), waiting_.end(), behind_in_line());
      n = waiting_.back();
      waiting_.pop_back();
    }
    at(n).waits = false;
    return n;
  }

  /// What all have paid is the same for all.
  void begin_anew() noexcept {
    std::uint64_t const all = std::exchange(front_, 0);
    first_.paid -= std::min(first_.paid, all);
    for (account& a : others_) a.paid -= std::min(a.paid, all);
    std::make_heap(waiting_.begin(), waiting_.end(), behind_in_line());
  }

  static constexpr std::int64_t scale = 1024;  // a share's unit, in a nanosecond
  static constexpr std::uint64_t far = std::uint64_t{1} << 60;
  static constexpr duration longest{std::int64_t{1} << 50};  // 13 days
  static constexpr duration ordinary = std::chrono::milliseconds(1);

  account first_;
  std::vector<account> others_;          // by number less one, as far as any has called
  std::vector<account_number> waiting_;  // a heap of those with calls; none before others_ were
  std::uint64_t front_ = 0;              // what who was last in front had paid
};

}  // namespace quartet::detail::pool
