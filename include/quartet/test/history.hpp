// SPDX-License-Identifier: Apache-2.0
// Whether what concurrent threads saw of an object could have come from one thread after the other.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <quartet/seam/check.hpp>
#include <quartet/test/detail/order_search.hpp>

namespace quartet {

namespace detail {
template <class Model, class Op> struct recorded_as;

/// An operation of a history that no order explains.
struct told_operation {
  void const* thread;
  std::uint64_t invoked;
  std::uint64_t returned;
  std::string text;
};
/// `before`: an order that explains the history without its last return.
std::string text_of_unexplained(std::vector<told_operation> const& all,
                                std::vector<std::string> const& before);
std::string text_of_too_long(std::size_t operations, std::size_t operations_max);
std::string text_of_too_wide();
}  // namespace detail

/// What a history compares with: a sequential object, as a value. It has `result apply(operation)`
/// for each type of operation. With a `std::hash` it is found faster among
/// many others.
template <class M>
concept sequential_model = std::copy_constructible<M> && std::equality_comparable<M>;

/// Records operations of concurrent threads on an object, and checks them against a sequential
/// model: there must be an order of them, in which none comes before one that had returned when it
/// was invoked, and in which the model gives the same results (Herlihy and Wing call the object
/// linearizable). An operation that has not returned, because its thread was stopped or an
/// exception came out, may have taken effect or not.
///   struct counter {
///     struct add { int by; };
///     int sum = 0;
///     int apply(add a) { return sum += a.by; }
///     bool operator==(counter const&) const = default;
///   };
///   history<counter> h;                                       // in the body of an exploration
///   h.call(counter::add{2}, [&] { return object.add(2); });   // in its threads
///   h.check();                                                // when they are joined
/// Reports print operations and results by their operator<<, else by the names of their types.
/// Example: test/history.test.cpp, a_queue_that_looks_and_takes_in_two_steps.
/// Threads: operations from any; the rest from one, when none of the others is just returning.
/// In a simulated run each invocation is a scheduling point; it orders nothing.
/// Stop: not concerned.
/// Cost: checking grows with the number of orders: around 20 operations in a few threads take well
/// below a millisecond; more than `operations_max` are refused.
/// Errors: those of the model and of what is called.
/// Lifetime: outlives the operations.
/// Source: M. Herlihy, J. Wing, Linearizability (TOPLAS 1990); of the search see detail.
template <sequential_model Model> class history {
 public:
  static constexpr std::size_t operations_max = 64;

  explicit history(Model initial = {}) : initial_(std::move(initial)) {}
  history(history const&) = delete;
  history& operator=(history const&) = delete;
  ~history() {
    for (auto& s : slots_) delete s.load(seam::relaxed);
  }

  /// An operation that has been invoked: for coroutines, which `call` cannot await.
  /// Trivially destructible: it may live across a `co_await`.
  template <class Op> class invocation {
   public:
    /// It has returned: with `r`, or with nothing that matters.
    template <class... R>
    requires(sizeof...(R) <= 1) void returned(R const&... r) const {
      static_assert(sizeof...(R) == 0 || !detail::recorded_as<Model, Op>::silent,
                    "quartet: the model's apply(operation) says nothing of this result: let it "
                    "return one, or let the call return nothing");
      if (what_ == nullptr) return;
      of_->come_to_the_gate(place::here());
      std::uint64_t const when = of_->tick();
      if constexpr (sizeof...(R) == 1) what_->result.emplace(r...);
      what_->returned.store(when, seam::release);
    }

   private:
    friend history;
    invocation(history& of, detail::recorded_as<Model, Op>* what) : of_(&of), what_(what) {}
    history* of_;
    detail::recorded_as<Model, Op>* what_;  // null: one too many
  };

  /// Calls `f`, which does the operation `op` to the object, and passes on what it returns.
  template <class Op, std::invocable F>
  std::invoke_result_t<F> call(Op op, F&& f, place where = place::here()) {
    invocation<Op> const i = invoke(std::move(op), where);
    if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
      std::invoke(std::forward<F>(f));
      i.returned();
    } else {
      std::invoke_result_t<F> r = std::invoke(std::forward<F>(f));
      i.returned(r);
      return r;
    }
  }

  /// The operation `op` begins here; its `returned` says that it has ended.
  template <class Op> invocation<Op> invoke(Op op, place where = place::here()) {
    static_assert(
        requires(Model & m, Op const& o) { m.apply(o); },
        "quartet: the model of this history has no apply(operation) for the operation");
    auto made = std::make_unique<detail::recorded_as<Model, Op>>(std::move(op));
    come_to_the_gate(where);
    std::size_t const n = count_.fetch_add(1, seam::relaxed);
    if (n >= operations_max) return {*this, nullptr};
    made->invoked = tick();
    slots_[n].store(made.get(), seam::release);  // seen by acquire in `operations`
    return {*this, made.release()};
  }

  /// Empty if there is an order that explains everything; else the shortest beginning that none
  /// explains, thread by thread.
  std::string unexplained() const;

  /// Fails, as `quartet::check`, if there is no such order.
  void check(place where = place::here()) const {
    std::string const text = unexplained();
    quartet::check(text.empty(), text.c_str(), where);
  }

 private:
  using past = std::vector<detail::past_operation<Model>>;

  // Between all that its thread did before and all that it does after. It is no operation of the
  // simulator: there, one step follows the other anyhow.
  // Others may come first; and since all beginnings and ends change one object, a search that
  // leaves out the orders of what is independent keeps all of theirs.
  void come_to_the_gate(place where) noexcept {
    static_cast<void>(gate_.fetch_add(1, seam::relaxed, where));
  }
  std::uint64_t tick() noexcept { return clock_.fetch_add(1, seam::seq_cst) + 1; }
  past operations() const;
  static past until(past const& all, std::uint64_t end);
  std::string tell(past const& all) const;

  Model const initial_;
  seam::atomic<int> gate_{0};
  seam::bare::atomic<std::uint64_t> clock_{0};
  seam::bare::atomic<std::size_t> count_{0};
  std::array<seam::bare::atomic<detail::recorded<Model>*>, operations_max> slots_{};
};

namespace detail {
template <class Model, class Op> struct recorded_as final : recorded<Model> {
  using answer = decltype(std::declval<Model&>().apply(std::declval<Op const&>()));
  static constexpr bool silent = std::is_void_v<answer>;

  explicit recorded_as(Op o) : op(std::move(o)) {}
  bool done_to(Model& m, [[maybe_unused]] bool seen) const override {
    if constexpr (silent) {
      m.apply(op);
      return true;
    } else {
      answer const r = m.apply(op);
      return !seen || !result || r == *result;
    }
  }
  std::string text(bool seen) const override {
    if constexpr (!silent)
      if (seen && result) return printed(op) + " gives " + printed(*result);
    return printed(op);
  }

  Op const op;
  std::optional<std::conditional_t<silent, std::monostate, std::decay_t<answer>>> result;
};
}  // namespace detail

template <sequential_model Model> auto history<Model>::operations() const -> past {
  past all;
  for (auto const& s : slots_)
    if (auto const* const r = s.load(seam::acquire))
      all.push_back({r, r->invoked, r->returned.load(seam::acquire)});
  std::ranges::sort(all, {}, &detail::past_operation<Model>::invoked);
  return all;
}

template <sequential_model Model> auto history<Model>::until(past const& all, std::uint64_t end)
    -> past {
  past early;
  for (auto o : all) {
    if (o.invoked > end) break;
    if (o.returned > end) o.returned = detail::end_of_history;
    early.push_back(o);
  }
  return early;
}

template <sequential_model Model> std::string history<Model>::unexplained() const {
  std::size_t const n = count_.load(seam::relaxed);
  if (n > operations_max) return detail::text_of_too_long(n, operations_max);
  past const all = operations();
  detail::order_search<Model> search(all);
  if (search.finds_from(initial_)) return "";
  if (search.gave_up()) return detail::text_of_too_wide();
  return tell(all);
}

// What explains a history explains each beginning of it, so the first that has none can be found
// by halving. It ends with a return, since an invocation alone contradicts nothing.
template <sequential_model Model> std::string history<Model>::tell(past const& all) const {
  std::vector<std::uint64_t> ends;
  for (auto const& o : all)
    if (o.has_returned()) ends.push_back(o.returned);
  std::ranges::sort(ends);
  auto const explained = [&](std::uint64_t end) {
    return detail::order_search<Model>(until(all, end)).finds_from(initial_);
  };
  std::uint64_t const end = *std::ranges::partition_point(ends, explained);
  std::vector<detail::told_operation> told;
  for (auto const& o : until(all, end))
    told.push_back({o.what->thread, o.invoked, o.returned, o.what->text(o.has_returned())});
  detail::order_search<Model> shorter(until(all, end - 1));
  std::vector<std::string> before;
  if (shorter.finds_from(initial_))
    for (auto const* const r : shorter.order())
      before.push_back(r->text(r->returned.load(seam::acquire) < end));
  return detail::text_of_unexplained(told, before);
}

}  // namespace quartet
