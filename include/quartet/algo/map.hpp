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

template <class Range, class F> using bulk_result = typename unwrapped<
    std::invoke_result_t<F const&, typename item_argument<Range, F>::type>>::type;
template <class Range, class F> using bulk_item =
    std::remove_cvref_t<typename item_argument<Range, F>::type>;

}  // namespace detail

namespace detail {
/// Makes the record of a bulk call whose results go to `Store`, starts it, gives its handle; or
/// does not compile and says why.
struct bulk_start {
  template <class Handle, class Record> static Handle handle(Record* r) { return Handle(r); }

  template <template <class> class Store, template <class> class Handle, class Shown, class E,
            class Range, class F>
  static auto make(E& on, Range&& items, F&& f, bulk_options const& o) {
    using function = std::remove_cvref_t<F>;
    using result = bulk_result<Range, function>;
    using item = bulk_item<Range, function>;
    using shown = std::conditional_t<std::is_same_v<Shown, unit>, result, Shown>;
    if constexpr (E::border::template accepts<function, result, item>) {
      using record = many_call<Store<result>, result, Range, function>;
      auto* const r = new record(on.target(), std::forward<Range>(items), std::move(f), o);
      r->remote = E::border::template ops<record>();
      return Handle<shown>(r);
    } else {
      E::border::template check<function, result, item>();
    }
  }
};
}  // namespace detail

/// Calls `f` for every item, as many at once as the executor likes; gives the results in order.
/// `auto thumbs = map(pool, paths, shrink).blocking_get();`, in a task `co_await map(...)`.
/// An lvalue range is borrowed, an rvalue is owned by the call, and its items are moved into `f`.
/// Errors: see batch. Cost: one allocation, besides the results.
template <executor E, class Range, class F>
auto map(E& on, Range&& items, F f, bulk_options o = {.where = {}}) {
  if constexpr (detail::check_bulk<Range, F>())
    return detail::bulk_start::make<detail::ordered_store, batch, unit>(
        on, std::forward<Range>(items), std::move(f), o);
}

/// `map` for the sake of the effects: results are dropped.
template <executor E, class Range, class F>
auto for_each(E& on, Range&& items, F f, bulk_options o = {.where = {}}) {
  if constexpr (detail::check_bulk<Range, F>())
    return detail::bulk_start::make<detail::dropping_store, batch, void>(
        on, std::forward<Range>(items), std::move(f), o);
}

}  // namespace quartet
