// SPDX-License-Identifier: Apache-2.0
// `pipeline`: items that pass through stages, several of them under way at once.
#pragma once

#include <optional>
#include <string>

#include <quartet/algo/detail/pipeline_state.hpp>
#include <quartet/algo/map.hpp>

namespace quartet {

/// Trivially destructible, so that it can stand in a `co_await` expression.
/// Threads: a value. Stop: `stop` stops the whole. Errors: none.
/// Lifetime: `progress` and `stop` outlive the work.
struct pipeline_options {
  std::size_t in_flight = 0;  ///< items under way at once; 0: twice the workers, else 16
  observer* progress = nullptr;
  stop_source* stop = nullptr;
  std::optional<priority> level = {};  ///< none: that of the running task
  std::string_view name = {};
  place where = place::here();
};
static_assert(std::is_trivially_destructible_v<pipeline_options>);

/// Stages of a pipeline: `f` for one item after the other in the order of the source; for one item
/// at a time, whichever comes; for any number at once, which is what a bare function means.
template <class F> auto in_order(F f) {
  return detail::stage<F, detail::stage_kind::in_order>{std::move(f)};
}
template <class F> auto one_at_a_time(F f) {
  return detail::stage<F, detail::stage_kind::one_at_a_time>{std::move(f)};
}
template <class F> auto parallel(F f) {
  return detail::stage<F, detail::stage_kind::parallel>{std::move(f)};
}

namespace detail {

template <class S> auto as_stage(S s) {
  if constexpr (is_stage<S>)
    return s;
  else
    return parallel(std::move(s));
}

template <class S> using made_stage = decltype(as_stage(std::declval<S>()));

template <class Source> consteval bool is_source() {
  if constexpr (std::ranges::input_range<std::remove_reference_t<Source>>)
    return true;
  else if constexpr (std::invocable<std::remove_cvref_t<Source>&>)
    return requires(
        typename unwrapped<std::invoke_result_t<std::remove_cvref_t<Source>&>>::type t) {
      static_cast<bool>(t);
      *std::move(t);
      typename decltype(t)::value_type;
    };
  else
    return false;
}

/// Whether each stage takes what the one before it gives.
template <class T> consteval bool stages_fit() { return true; }
template <class T, class First, class... Rest> consteval bool stages_fit() {
  constexpr bool fits = !std::is_void_v<T> && std::invocable<typename First::function&, T>;
  static_assert(fits,
                "quartet: a stage of the pipeline cannot be called with what comes before it: the "
                "item of the source, moved, or the result of the stage before");
  if constexpr (fits) {
    using made = typename unwrapped<std::invoke_result_t<typename First::function&, T>>::type;
    return stages_fit<made, Rest...>();
  }
  return false;
}

template <class E, class Source, class... Stages> consteval bool check_pipeline() {
  constexpr bool here = std::is_same_v<typename E::border, any_call>;
  static_assert(here,
                "quartet: the stages of a pipeline share memory, so it runs on executors of this "
                "process; a stage that waits for another is a coroutine function, as "
                "[&](T t) -> task<U> { co_return co_await pool.submit(f, std::move(t)); }");
  constexpr bool source = is_source<Source>();
  static_assert(source,
                "quartet: a pipeline begins with a range, or with a function that gives a "
                "std::optional: the next item, or nothing after the last one");
  constexpr bool staged = sizeof...(Stages) != 0;
  static_assert(staged, "quartet: a pipeline has at least one stage");
  if constexpr (here && source && staged)
    return stages_fit<typename item_source<Source>::item, made_stage<Stages>...>();
  return false;
}

template <class E> std::size_t lanes(E& on, pipeline_options const& o) noexcept {
  if (o.in_flight != 0) return o.in_flight;
  if constexpr (requires { on.workers(); }) return 2 * std::size_t{on.workers()};
  return 16;
}

template <class E, class Source, class... Stages>
auto start_pipeline(E& on, pipeline_options const& o, Source&& source, Stages... all) {
  using state = pipeline_state<Source, Stages...>;
  using result = typename state::result;
  using function = decltype(&state::run);
  using record = one_call<result, function, std::unique_ptr<state>>;
  auto own = call_extras::of(o.name, o.stop);
  auto shared = std::make_unique<state>(std::forward<Source>(source), lanes(on, o), o.progress,
                                        std::move(all)...);
  auto* const r = new record(on.target(), &state::run, std::move(shared));
  r->level = level_of_call(o.level);
  r->where = o.where;
  r->link_to_caller(std::move(own));
  return bulk_start::handle<batch<result, result_record<result>>>(r);
}

}  // namespace detail

/// Takes items from `source` one after the other, each through all stages in turn; a limited number
/// of them is under way at once, so a fast source waits for slow stages.
/// `pipeline(pool, lines, parse, in_order(print)).blocking_get();`
/// `co_await pipeline(pool, {.in_flight = 8}, read_block, compress, in_order(write))`
///
/// `source` is a range, borrowed if it is an lvalue (items are copied out of it, else moved), or a
/// function that gives a std::optional, empty after the last item. Source and stages are plain or
/// coroutine functions, called on `on`; the source by one task at a time.
/// Gives the results of the last stage in the order of the source, or nothing if that is void.
/// Threads, stop: see batch. Errors: the first failure stops the rest and is thrown; a stage that
/// keeps the order is not called for items after one that failed before or in it.
/// Cost: a few frames from the worker's cache for each item and stage.
template <executor E, class Source, class... Stages>
auto pipeline(E& on, pipeline_options o, Source&& source, Stages... stages) {
  if constexpr (detail::check_pipeline<E, Source, Stages...>())
    return detail::start_pipeline(on, o, std::forward<Source>(source),
                                  detail::as_stage(std::move(stages))...);
  else
    return detail::refused{};
}
template <executor E, class Source, class... Stages>
requires(!std::same_as<std::remove_cvref_t<Source>, pipeline_options>) auto pipeline(
    E& on, Source&& source, Stages... stages) {
  if constexpr (detail::check_pipeline<E, Source, Stages...>())
    return detail::start_pipeline(on, {.where = {}}, std::forward<Source>(source),
                                  detail::as_stage(std::move(stages))...);
  else
    return detail::refused{};
}

}  // namespace quartet
