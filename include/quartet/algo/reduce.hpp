// SPDX-License-Identifier: Apache-2.0
// `reduce`: all items of a range made into one value, on any executor.
#pragma once

#include <algorithm>
#include <functional>

#include <quartet/algo/detail/folding_store.hpp>
#include <quartet/algo/map.hpp>

namespace quartet {

namespace detail {

/// Folds the items of one block, from the left. Asks for a stop in between, ever less often.
/// Threads: all members concurrently. Stop: throws `stopped`. Errors: what F and Op throw.
/// Lifetime: a value.
template <class T, class Op, class F, class Argument> struct block_fold {
  static constexpr std::size_t most_between_looks = 256;

  template <class Block>
  requires(!is_task<std::invoke_result_t<F const&, Argument>>) T operator()(Block items) const {
    auto i = items.begin();
    T sum(std::invoke(f, static_cast<Argument>(*i)));
    ++i;
    std::size_t left = items.size() - 1;
    for (std::size_t strip = 1; left != 0; strip = std::min(2 * strip, most_between_looks)) {
      if (current_task()->stop_requested()) throw stopped();
      std::size_t const n = std::min(strip, left);
      left -= n;
      for (auto const end = i + static_cast<std::ptrdiff_t>(n); i != end; ++i)
        sum = std::invoke(op, std::move(sum), T(std::invoke(f, static_cast<Argument>(*i))));
    }
    return sum;
  }

  template <class Block>
  requires is_task<std::invoke_result_t<F const&, Argument>> task<T>
  operator()(Block items) const {
    auto i = items.begin();
    T sum(co_await std::invoke(f, static_cast<Argument>(*i)));
    while (++i != items.end()) {
      if (current_task()->stop_requested()) throw stopped();
      T next(co_await std::invoke(f, static_cast<Argument>(*i)));
      sum = std::invoke(op, std::move(sum), std::move(next));
    }
    co_return sum;
  }

  [[no_unique_address]] Op op;
  [[no_unique_address]] F f;
};

/// Whether a `To` holds every `From` that its conversion would accept silently.
template <class From, class To> consteval bool widens() {
  if constexpr (std::is_arithmetic_v<From> && std::is_arithmetic_v<To>)
    return std::is_same_v<std::common_type_t<From, To>, To>;
  else
    return std::is_convertible_v<From, To>;
}

/// Says in a sentence why a reduction is impossible; true if it is possible.
template <class T, class Op, class R> consteval bool check_reduce() {
  static_assert(widens<std::decay_t<R>, T>(),
                "quartet: the items do not fit into the value that reduce begins with; begin with "
                "one of the result's type, as 0.0 for doubles and 0L for longs");
  constexpr bool callable = std::is_invocable_v<Op const&, T, T>;
  static_assert(callable,
                "quartet: the operation of reduce joins two partial results: it takes two values "
                "of the type that reduce begins with, and is callable as const");
  if constexpr (callable) {
    constexpr bool right = widens<std::decay_t<std::invoke_result_t<Op const&, T, T>>, T>();
    static_assert(right,
                  "quartet: the operation of reduce does not return the type that reduce begins "
                  "with; begin with a value of the type that it returns");
    return right && widens<std::decay_t<R>, T>();
  }
  return false;
}

template <class T, class Range, class Op, class F> consteval bool reduces() {
  if constexpr (check_items<Range, F>()) return check_reduce<T, Op, bulk_result<Range, F>>();
  return false;
}

/// What a block is handed over as: a view, or a copy where it has to leave the process.
template <class Border, class Range, class Argument> struct block_of {
  using type = std::vector<std::remove_cvref_t<Argument>>;
  using argument = std::remove_cvref_t<Argument>&&;
};
template <class Range, class Argument> struct block_of<any_call, Range, Argument> {
  using type = std::ranges::subrange<std::ranges::iterator_t<std::remove_reference_t<Range>>>;
  using argument = Argument;
};

/// Items of a block. Each on its own where they wait, or where options count them.
template <class R> std::size_t block_grain(bulk_options const& o) noexcept {
  if (o.chunk != 0) return o.chunk;
  return is_task<R> || o.retries != 0 || o.timeout != duration::zero() ? 1 : 0;
}

template <class T, class E, class Range, class Op, class F>
auto start_reduce(E& on, Range&& items, T&& init, Op op, F f, bulk_options o) {
  using function = std::remove_cvref_t<F>;
  using given = typename item_argument<Range, function>::type;
  using form = block_of<typename E::border, Range, given>;
  using fold = block_fold<T, Op, function, typename form::argument>;
  using block = typename form::type;
  using store = folding_store<T, Op>;
  if constexpr (E::border::template accepts<fold, T, block>) {
    using record = many_call<store, T, blocks<Range, block>, fold>;
    block_cut const cut(static_cast<std::size_t>(std::ranges::size(items)),
                        block_grain<std::invoke_result_t<function const&, given>>(o));
    observer* const progress = std::exchange(o.progress, nullptr);  // the store knows the items
    o.chunk = 0;
    executor_base& target = on.target();
    auto* const r = new record(target, blocks<Range, block>(std::forward<Range>(items), cut),
                               fold{op, std::move(f)}, o, std::forward<T>(init), op, cut, progress,
                               E::border::template ops<record>() == nullptr);
    r->remote = E::border::template ops<record>();
    return bulk_start::handle<batch<T, store>>(r);
  } else {
    E::border::template check<fold, T, block>();
    return refused{};
  }
}

}  // namespace detail

/// Joins `init` and `f(item)` for every item with `op`, in their order: `op(op(init, a), b)…`, as
/// many at once as the executor likes. `op` has to be associative; it need not be commutative.
/// `double sum = reduce(pool, numbers, 0.0).blocking_get();`
/// `reduce(pool, paths, std::size_t{0}, std::plus<>(), bytes_in)`
///
/// Deterministic: which partial results are joined depends on the number of items, on `f` being a
/// coroutine function or not, and on the options `chunk`, `retries` and `timeout`; never on the
/// executor or its workers, so sums of floating-point numbers come out the same to the last bit.
/// Options: `chunk` is the number of items that are joined from left to right before anything
/// else; 0: so many that there are at most 1,024 such blocks; 1 if `f` is a coroutine function or
/// there are retries or a timeout, which are those of a block.
/// Executors of other processes run `f` and the joins of a block there, the others here.
/// Errors: see batch; what `op` throws is a failure of the items it would have joined.
/// Cost: one allocation, a partial result for each block, and an atomic operation to join two.
template <executor E, class Range, class T, class Op = std::plus<>, class F = std::identity>
auto reduce(E& on, Range&& items, T init, Op op = {}, F f = {}, bulk_options o = {.where = {}}) {
  if constexpr (detail::reduces<T, Range, Op, F>())
    return detail::start_reduce<T>(on, std::forward<Range>(items), std::move(init), std::move(op),
                                   std::move(f), o);
  else
    return detail::refused{};
}

}  // namespace quartet
