// SPDX-License-Identifier: Apache-2.0
// What the lanes of a pipeline share: the source, the stages, whose turn it is, the results.
//
// A lane takes an item from the source, takes it through all stages, and begins again. Since there
// are as many lanes as items may be under way, that is all the bookkeeping there is: a stage that
// keeps the order has a permit, which item k takes and passes on to item k + 1.
#pragma once

#include <memory>
#include <optional>
#include <ranges>
#include <tuple>
#include <vector>

#include <quartet/base/invoke.hpp>
#include <quartet/core/callable.hpp>
#include <quartet/core/group.hpp>
#include <quartet/sync/mutex.hpp>
#include <quartet/sync/semaphore.hpp>

namespace quartet::detail {

/// How many items a stage takes at once, and which next.
enum class stage_kind : unsigned char { parallel, one_at_a_time, in_order };

template <class F, stage_kind Kind> struct stage {
  static constexpr stage_kind kind = Kind;
  using function = F;
  F f;
};
template <class T> inline constexpr bool is_stage = false;
template <class F, stage_kind K> inline constexpr bool is_stage<stage<F, K>> = true;

/// The permit of a stage that keeps the order. A slot for each item under way: two of them whose
/// numbers share a slot are never under way at once.
/// Threads: all members concurrently. Stop: `wait` is a checkpoint. Errors: none.
/// Lifetime: outlives the lanes.
class turnstile {
 public:
  explicit turnstile(std::size_t under_way) : slots_(std::make_unique<slot[]>(under_way)) {
    size_ = under_way;
    slots_[0].permit.release();
  }
  auto wait(std::size_t number) noexcept { return slots_[number % size_].permit.acquire(); }
  void pass(std::size_t number) noexcept { slots_[(number + 1) % size_].permit.release(); }

 private:
  struct slot {
    semaphore permit{0};
  };
  std::unique_ptr<slot[]> slots_;
  std::size_t size_;
};

/// What a stage needs besides its function.
template <stage_kind Kind> struct stage_guard {
  explicit stage_guard(std::size_t) noexcept {}
};
template <> struct stage_guard<stage_kind::one_at_a_time> {
  explicit stage_guard(std::size_t) noexcept {}
  quartet::mutex turn;
};
template <> struct stage_guard<stage_kind::in_order> {
  explicit stage_guard(std::size_t under_way) : turn(under_way) {}
  turnstile turn;
};

/// Where items come from: a function that gives an optional, empty after the last one; a coroutine
/// function that does; or a range.
template <class Source> struct item_source {
  explicit item_source(Source s) : f(std::move(s)) {}
  using result = typename unwrapped<std::invoke_result_t<Source&>>::type;
  using item = typename result::value_type;
  task<result> next() {
    if constexpr (is_task<std::invoke_result_t<Source&>>)
      co_return co_await detail::invoke(f);
    else
      co_return detail::invoke(f);
  }
  Source f;
};
template <class Source>
requires std::ranges::input_range<std::remove_reference_t<Source>>
struct item_source<Source> {
  using range = std::remove_reference_t<Source>;
  using item = std::ranges::range_value_t<range>;
  template <class S> explicit item_source(S&& s) : items(std::forward<S>(s)) {}
  task<std::optional<item>> next() {
    if (!at) at.emplace(std::ranges::begin(items));
    if (*at == std::ranges::end(items)) co_return std::nullopt;
    std::optional<item> next_one;
    if constexpr (std::is_lvalue_reference_v<Source>)
      next_one.emplace(**at);
    else
      next_one.emplace(std::ranges::iter_move(*at));
    ++*at;
    co_return next_one;
  }
  Source items;  // an lvalue reference, or the range itself
  std::optional<std::ranges::iterator_t<range>> at;
};

/// The results of the last stage, in the order of the source.
template <class R> class pipeline_results {
 public:
  using type = std::vector<R>;
  void put(std::size_t number, R&& r) {
    seam::guard g(guard_);
    if (values_.size() <= number) values_.resize(number + 1);
    values_[number].emplace(std::move(r));
  }
  type take() {
    type all;
    all.reserve(values_.size());
    for (auto& v : values_) all.push_back(std::move(*v));
    return all;
  }

 private:
  seam::mutex guard_;  // guards the next field
  std::vector<std::optional<R>> values_;
};
template <> class pipeline_results<void> {
 public:
  using type = void;
  void take() const noexcept {}
};

/// What the stages make of an item of type `T`.
template <class T, class... Stages> struct made_of { using type = T; };
template <class T, class First, class... Rest> struct made_of<T, First, Rest...> {
  using next = typename unwrapped<std::invoke_result_t<typename First::function&, T>>::type;
  using type = typename made_of<next, Rest...>::type;
};

/// Threads: lanes run concurrently. Stop: each wait of a lane is a checkpoint.
/// Errors: what source and stages throw ends the lane. Lifetime: outlives the lanes.
template <class Source, class... Stages> class pipeline_state {
 public:
  using stages = std::tuple<Stages...>;
  using item = typename item_source<Source>::item;
  using last = typename made_of<item, Stages...>::type;
  using result = typename pipeline_results<last>::type;

  template <class S>
  pipeline_state(S&& source, std::size_t under_way, observer* progress, Stages... all)
      : source_(std::forward<S>(source)),
        under_way_(under_way),
        progress_(progress),
        stages_(std::move(all)...),
        guards_((static_cast<void>(all), under_way)...) {}

  static task<result> run(std::unique_ptr<pipeline_state> self) {
    pipeline_state* const s = self.get();
    co_await with_group(&open_lanes, s);
    co_return s->results_.take();
  }

 private:
  static void open_lanes(group& g, pipeline_state* self) {
    for (std::size_t i = 0; i != self->under_way_; ++i) g.spawn(&lane, self);
  }

  static task<> lane(pipeline_state* self) {
    for (bool more = true; more;) more = co_await self->one_item();
  }

  /// False: there are no more.
  task<bool> one_item() {
    std::size_t number = 0;
    std::optional<item> taken;
    {
      auto const turn = co_await source_turn_.scoped_lock();
      if (dry_) co_return false;
      taken = co_await source_.next();
      dry_ = !taken.has_value();
      number = taken_++;
    }
    if (!taken) co_return false;
    if (progress_ != nullptr) progress_->on_added(1);
    ending how = ending::value;
    std::exception_ptr error;
    try {
      co_await stages_from<0>(number, std::move(*taken));
    } catch (stopped const&) {
      how = ending::stopped;
      error = std::current_exception();
    } catch (...) {
      how = ending::failed;
      error = std::current_exception();
    }
    if (progress_ != nullptr) progress_->on_ended(how);
    if (error) std::rethrow_exception(error);
    co_return true;
  }

  template <std::size_t I, class T> task<> stages_from(std::size_t number, T value) {
    if constexpr (I + 1 != sizeof...(Stages)) {
      auto next = co_await in_turn<I>(number, std::move(value));
      co_await stages_from<I + 1>(number, std::move(next));
    } else if constexpr (std::is_void_v<last>) {
      co_await in_turn<I>(number, std::move(value));
    } else {
      auto made = co_await in_turn<I>(number, std::move(value));
      results_.put(number, std::move(made));
    }
  }

  template <std::size_t I, class T> using made_by =
      std::invoke_result_t<typename std::tuple_element_t<I, stages>::function&, T>;

  /// After a failure the order is not passed on: nothing that follows may happen.
  template <std::size_t I, class T> auto in_turn(std::size_t number, T value)
      -> task<typename unwrapped<made_by<I, T>>::type> {
    auto& guard = std::get<I>(guards_);
    constexpr stage_kind kind = std::tuple_element_t<I, stages>::kind;
    if constexpr (kind == stage_kind::in_order) {
      co_await guard.turn.wait(number);
      if constexpr (std::is_void_v<typename unwrapped<made_by<I, T>>::type>) {
        co_await call<I>(std::move(value));
        guard.turn.pass(number);
      } else {
        auto made = co_await call<I>(std::move(value));
        guard.turn.pass(number);
        co_return made;
      }
    } else if constexpr (kind == stage_kind::one_at_a_time) {
      auto const turn = co_await guard.turn.scoped_lock();
      co_return co_await call<I>(std::move(value));
    } else {
      static_cast<void>(number), static_cast<void>(guard);
      co_return co_await call<I>(std::move(value));
    }
  }

  template <std::size_t I, class T> auto call(T value)
      -> task<typename unwrapped<made_by<I, T>>::type> {
    auto& f = std::get<I>(stages_).f;
    if constexpr (is_task<made_by<I, T>>)
      co_return co_await detail::invoke(f, std::move(value));
    else
      co_return detail::invoke(f, std::move(value));
  }

  item_source<Source> source_;
  std::size_t const under_way_;
  observer* const progress_;
  stages stages_;
  std::tuple<stage_guard<Stages::kind>...> guards_;
  quartet::mutex source_turn_;  // guards the next two fields and the source
  bool dry_ = false;
  std::size_t taken_ = 0;
  pipeline_results<last> results_;
};

}  // namespace quartet::detail
