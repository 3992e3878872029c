// SPDX-License-Identifier: Apache-2.0
// Looks for an order of concurrent operations in which each has the result that was seen.
//
// Source: J. Wing, C. Gong, Testing and verifying concurrent objects (JPDC 1993): an operation may
// come next if no other one that is still missing had returned before it was invoked. G. Lowe,
// Testing for linearizability (CCPE 2017), A. Horn, D. Kroening, Faster linearizability checking
// via P-compositionality (FORTE 2015): the same operations done and the same state come only once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <functional>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <quartet/base/random.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/context.hpp>
#include <quartet/test/detail/printed.hpp>

namespace quartet::detail {

inline constexpr std::uint64_t end_of_history = std::numeric_limits<std::uint64_t>::max();

/// An operation on the object and, once it has returned, its result.
/// Threads: one makes it and says that it has returned; who asks comes behind `returned`.
/// Stop: not concerned. Errors: those of the model. Lifetime: of its history.
template <class Model> struct recorded {
  recorded() = default;
  recorded(recorded const&) = delete;
  recorded& operator=(recorded const&) = delete;
  virtual ~recorded() = default;
  /// Does it to `m`. False: with another result than was seen, if one was.
  virtual bool done_to(Model& m, bool seen) const = 0;
  virtual std::string text(bool seen) const = 0;

  void const* const thread = seam::thread_identity();
  std::uint64_t invoked = 0;
  // Stored with release when the result lies there; seen with acquire.
  seam::bare::atomic<std::uint64_t> returned{end_of_history};
};

/// As the search sees it: what returned later than the end of the prefix has not returned.
template <class Model> struct past_operation {
  recorded<Model> const* what;
  std::uint64_t invoked;
  std::uint64_t returned;
  bool has_returned() const noexcept { return returned != end_of_history; }
};

/// The search in one history.
/// Threads: belongs to one. Stop: not concerned. Errors: those of the model, bad_alloc.
/// Lifetime: the operations and `initial` outlive it.
template <class Model> class order_search {
 public:
  /// Looking at a state that was there before counts one, a new one eight: it is kept.
  static constexpr std::size_t effort_max = std::size_t{1} << 20U;
  static constexpr std::size_t effort_for_a_state = 8;

  /// `all` are at most 64.
  explicit order_search(std::vector<past_operation<Model>> all) : all_(std::move(all)) {
    std::ranges::sort(all_, {}, &past_operation<Model>::returned);
    for (std::size_t i = 0; i != all_.size(); ++i)
      if (all_[i].has_returned()) must_ |= bit(i);
  }

  /// Whether there is an order. Once.
  bool finds_from(Model const& initial) { return finds(0, initial); }
  /// It looked at so many states that it does not know.
  bool gave_up() const noexcept { return effort_ > effort_max; }
  /// The one that was found.
  std::vector<recorded<Model> const*> const& order() const noexcept { return order_; }

 private:
  struct state {
    std::uint64_t done;  // a bit for each operation
    Model now;
  };

  static constexpr std::uint64_t bit(std::size_t i) noexcept { return std::uint64_t{1} << i; }

  // Null: it was there already.
  Model const* add(std::uint64_t done, Model&& now) {
    std::uint64_t key = done;
    if constexpr (requires { std::hash<Model>()(now); }) key ^= mix64(std::hash<Model>()(now));
    std::forward_list<state>& alike = visited_[key];
    for (state const& s : alike) {
      ++effort_;
      if (s.done == done && s.now == now) return nullptr;
    }
    effort_ += effort_for_a_state;
    return &alike.emplace_front(state{done, std::move(now)}).now;
  }

  // Whoever is invoked behind this is too late to come next.
  std::uint64_t first_return(std::uint64_t done) const noexcept {
    std::size_t i = 0;
    while ((done & bit(i)) != 0) ++i;
    return all_[i].returned;
  }

  bool finds(std::uint64_t done, Model const& now) {
    if ((must_ & ~done) == 0) return true;
    std::uint64_t const until = first_return(done);
    for (std::size_t i = 0; i != all_.size(); ++i) {
      if ((done & bit(i)) != 0 || all_[i].invoked > until) continue;
      Model next = now;
      if (!all_[i].what->done_to(next, all_[i].has_returned())) continue;
      Model const* const kept = add(done | bit(i), std::move(next));
      if (gave_up()) return false;
      if (kept == nullptr) continue;
      order_.push_back(all_[i].what);
      if (finds(done | bit(i), *kept)) return true;
      order_.pop_back();
    }
    return false;
  }

  std::vector<past_operation<Model>> all_;  // who returned first has probably come first, too
  std::uint64_t must_ = 0;                  // a bit for each operation that has returned
  std::unordered_map<std::uint64_t, std::forward_list<state>> visited_;
  std::size_t effort_ = 0;
  std::vector<recorded<Model> const*> order_;
};

}  // namespace quartet::detail
