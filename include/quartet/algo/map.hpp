// SPDX-License-Identifier: Apache-2.0
// `map` and `for_each`: one function for every item of a range, on any executor.
#pragma once

#include <quartet/algo/batch.hpp>

namespace quartet {

namespace detail {

template <class Range>
concept countable = std::ranges::random_access_range<Range> && std::ranges::sized_range<Range>;

/// Says in a sentence why a bulk call is impossible; true if it is possible.
template <class Range, class F> consteval bool check_bulk() {
  static_assert(countable<Range>,
                "quartet: the items must be a sized random-access range; copy them into a "
                "std::vector first");
  if constexpr (countable<Range>) {
    using item = typename item_argument<Range, F>::type;
    static_assert(std::invocable<F const&, item>,
                  "quartet: the function cannot be called with an item of the range; it is shared "
                  "by all workers, so it must be callable as const");
    return std::invocable<F const&, item>;
  }
  return false;
}

template <class Range, class F>
using bulk_result = typename unwrapped<
    std::invoke_result_t<F const&, typename item_argument<Range, F>::type>>::type;
template <class Range, class F>
using bulk_item = std::remove_cvref_t<typename item_argument<Range, F>::type>;

}  // namespace detail

/// Calls `f` for every item, as many at once as the executor likes; gives the results in order.
/// `auto thumbs = map(pool, paths, shrink).blocking_get();`, in a task `co_await map(...)`.
/// An lvalue range is borrowed, an rvalue is owned by the call, and its items are moved into `f`.
/// Errors: see batch. Cost: one allocation, besides the results.
template <class E, class Range, class F>
auto map(E& executor, Range&& items, F f, bulk_options o = {.where = {}}) {
  static_assert(quartet::executor<E>, "quartet: the first argument of map is an executor");
  if constexpr (detail::check_bulk<Range, F>()) {
    using result = detail::bulk_result<Range, F>;
    using item = detail::bulk_item<Range, F>;
    if constexpr (E::border::template accepts<F, result, item>) {
      using record = detail::many_call<detail::ordered_store<result>, result, Range, F>;
      auto* const r = new record(executor.target(), std::forward<Range>(items), std::move(f), o);
      r->remote = E::border::template ops<record>();
      return batch<result>(r);
    } else {
      E::border::template check<F, result, item>();
    }
  }
}

namespace detail {
/// A function whose result is dropped.
template <class F> struct discarding {
  [[no_unique_address]] F f;
  template <class Item>
    requires std::invocable<F const&, Item>
  auto operator()(Item&& x) const {
    using raw = std::invoke_result_t<F const&, Item>;
    if constexpr (is_task<raw>) return finish(f, std::forward<Item>(x));
    else static_cast<void>(std::invoke(f, std::forward<Item>(x)));
  }
  template <class Item> static task<> finish(F const& f, Item&& x) {
    static_cast<void>(co_await std::invoke(f, std::forward<Item>(x)));
  }
};
}  // namespace detail

/// `map` for the sake of the effects: results are dropped.
template <class E, class Range, class F>
batch<void> for_each(E& executor, Range&& items, F f, bulk_options o = {.where = {}}) {
  return map(executor, std::forward<Range>(items), detail::discarding<F>{std::move(f)}, o);
}

}  // namespace quartet
