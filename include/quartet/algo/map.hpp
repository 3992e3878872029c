// SPDX-License-Identifier: Apache-2.0
// `map` and `for_each`: one function for every item of a range, on any executor.
#pragma once

#include <quartet/algo/batch.hpp>

namespace quartet {

namespace detail {

template <class Range>
concept countable = std::ranges::random_access_range<Range> && std::ranges::sized_range<Range>;

template <class Range, class F> using bulk_result = typename unwrapped<
    std::invoke_result_t<F const&, typename item_argument<Range, F>::type>>::type;
template <class Range, class F> using bulk_item =
    std::remove_cvref_t<typename item_argument<Range, F>::type>;

/// Says in a sentence why `f` cannot be called for the items; true if it can.
template <class Range, class F> consteval bool check_items() {
  constexpr bool counted = countable<Range>;
  static_assert(counted,
                "quartet: the items must be a sized random-access range; copy them into a "
                "std::vector first");
  if constexpr (counted && !unclear<F>) {
    using item = typename item_argument<Range, F>::type;
    constexpr bool possible = std::invocable<F const&, item>;
    constexpr bool item_fits = possible || std::invocable<F&, item>;
    constexpr bool callable_as_const = possible || !item_fits;
    static_assert(item_fits,
                  "quartet: the function cannot be called with an item of the range. Instead: one "
                  "that takes what the range holds, and only that: [n](auto const& item) { return "
                  "f(item, n); }");
    static_assert(callable_as_const,
                  "quartet: the function cannot be called with an item of the range, because it "
                  "changes itself, and all workers share it. Instead: one that is callable as "
                  "const, without mutable; it may change what it captured by reference");
    return possible;
  } else {
    return false;
  }
}

/// The same of a call that keeps what `f` gives.
template <class Range, class F> consteval bool check_bulk() {
  if constexpr (check_items<Range, F>())
    return check_result<std::invoke_result<F const&, typename item_argument<Range, F>::type>>();
  return false;
}

/// Makes the record of a bulk call whose results go to `Store`, starts it, gives its handle; or
/// does not compile and says why.
struct bulk_start {
  template <class Handle, class Record> static Handle handle(Record* r) { return Handle(r); }

  template <template <class> class Store, template <class...> class Handle, class Shown, class E,
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
      return refused{};
    }
  }
};
}  // namespace detail

/// Calls `f` for every item, as many at once as the executor likes; gives the results in order.
/// `auto thumbs = map(pool, paths, shrink).blocking_get();`, in a task `co_await map(...)`.
/// An lvalue range is borrowed, an rvalue is owned by the call, and its items are moved into `f`.
/// One thread may run all items, one after the other: none of a plain `f` may block until another
/// one of them has run. Errors: see batch. Cost: one allocation, besides the results.
template <executor E, class Range, class F = detail::this_names_several_functions>
auto map(E& on, Range&& items, F f, bulk_options o = {.where = {}}) {
  if constexpr (detail::check_bulk<Range, F>())
    return detail::bulk_start::make<detail::ordered_store, batch, unit>(
        on, std::forward<Range>(items), std::move(f), o);
  else
    return detail::refused{};
}

/// `map` for the sake of the effects: results are dropped.
template <executor E, class Range, class F = detail::this_names_several_functions>
auto for_each(E& on, Range&& items, F f, bulk_options o = {.where = {}}) {
  if constexpr (detail::check_bulk<Range, F>())
    return detail::bulk_start::make<detail::dropping_store, batch, void>(
        on, std::forward<Range>(items), std::move(f), o);
  else
    return detail::refused{};
}

}  // namespace quartet
