// SPDX-License-Identifier: Apache-2.0
// The record of one function called for every item of a range.
#pragma once

#include <ranges>
#include <vector>

#include <quartet/algo/bulk_options.hpp>
#include <quartet/base/invoke.hpp>
#include <quartet/core/executor.hpp>

namespace quartet::detail {

/// What the items of `Range` are handed over as: lvalues of a borrowed range, rvalues of one that
/// the record owns if `F` takes those.
template <class Range, class F> struct item_argument {
  using reference = std::ranges::range_reference_t<std::remove_reference_t<Range>>;
  static constexpr bool moves = !std::is_lvalue_reference_v<Range> &&
                                std::is_lvalue_reference_v<reference> &&
                                std::invocable<F const&, std::remove_reference_t<reference>&&>;
  using type = std::conditional_t<moves, std::remove_reference_t<reference>&&, reference>;
};

/// Kept apart from the range and the callable: how the results are stored.
/// A store has: `void put(std::size_t i, outcome<R>&&, call_record&) noexcept`, and `drops_values`:
/// whether a value need not be put.
template <class Store, class R, class Range, class F> class many_call : public call_record,
                                                                        public Store {
  using argument = typename item_argument<Range, F>::type;
  using raw = std::invoke_result_t<F const&, argument>;

 public:
  using function_type = F;
  using result_type = R;
  using argument_types = std::tuple<std::remove_cvref_t<argument>>;

  /// `kept`: what the store needs besides the number of items.
  template <class I, class... S>
  many_call(executor_base& e, I&& items, F f, bulk_options const& o, S&&... kept)
      : call_record(e, static_cast<std::size_t>(std::ranges::size(items)),
                    more_to_settle(static_cast<std::size_t>(std::ranges::size(items)), o)),
        Store(static_cast<std::size_t>(std::ranges::size(items)), std::forward<S>(kept)...),
        parts_(std::in_place, std::forward<I>(items), std::move(f)),
        progress_(o.progress) {
    timeout = o.timeout;
    workers = o.workers;
    chunk = o.chunk;
    retries = o.retries;
    level = level_of_call(o.level);
    where = o.where;
    run = [](work_item& c, std::size_t first, std::size_t last) noexcept {
      if (from(c).may_begin()) from(c).go(first, last);
    };
    fail = [](call& c, std::size_t first, std::size_t last, ending how,
              std::exception_ptr error) noexcept {
      if (from(c).may_begin()) from(c).drop(first, last, how, error);
    };
    link_to_caller(call_extras::of(o.name, o.stop));
    if (progress_ != nullptr) progress_->on_added(count);
  }

  static many_call& from(work_item& c) noexcept { return static_cast<many_call&>(c); }
  F const& function() noexcept { return parts_->f; }
  auto arguments(std::size_t i) noexcept {
    using reference = std::ranges::range_reference_t<std::remove_reference_t<Range>>;
    return std::tuple<reference>(std::ranges::begin(parts_->items)[at(i)]);  // may be a value
  }
  template <class... V> void settle(std::size_t i, V&&... v) noexcept {
    outcome<R> o;
    o.emplace_or_fail(std::forward<V>(v)...);
    end_item(i, std::move(o));
    settled(units(1));
  }
  static R run_blocking(executor_base& e, F f, std::remove_cvref_t<argument> item) {
    using one = one_call<R, F, std::remove_cvref_t<argument>>;
    return one::run_blocking(e, std::move(f), std::move(item));
  }

 private:
  using index = std::ranges::range_difference_t<std::remove_reference_t<Range>>;
  static constexpr bool coroutine = is_task<raw>;
  static index at(std::size_t i) noexcept { return static_cast<index>(i); }
  root_place place_of() noexcept { return call_record::at(); }

  /// With a limit on coroutines at once the calls of `run` are settled besides the items, since
  /// the items may all have ended before the executor has given us the last range.
  static std::size_t more_to_settle(std::size_t n, bulk_options const& o) noexcept {
    return coroutine && o.workers != 0 ? n : 0;
  }

  /// What `n` items are worth that end without a `run`.
  std::size_t units(std::size_t n) const noexcept { return coroutine && workers != 0 ? 2 * n : n; }

  /// Of several items none stands in two places.
  bool may_begin() noexcept { return count != 1 || begins(); }

  void go(std::size_t first, std::size_t last) noexcept {
    if constexpr (!coroutine) {
      if (seam::hooked()) [[unlikely]]
        return seam::rarely([this, first, last] { run_all<place>(first, last); });
      run_all<seam::quiet>(first, last);
    } else if (workers != 0) {
      try {
        while (lanes_.fetch_add(1, seam::relaxed) < workers) lane(place_of(), *this).enter();
      } catch (...) {  // no memory for a lane: what no other has taken fails
        fail_rest(std::current_exception());
      }
      settled(last - first);
    } else {
      // The record may end with the first step of the last item.
      root_place const p = place_of();
      while (first != last) {
        std::size_t const i = first++;
        try {
          one_item(p, *this, i).enter();
        } catch (...) {
          drop(i, i + 1, ending::failed, std::current_exception());
        }
      }
    }
  }

  void fail_rest(std::exception_ptr error) noexcept {
    for (std::size_t i; (i = next_.fetch_add(1, seam::relaxed)) < count;) {
      end_item(i, outcome<R>::of_error(error));
      settled(1);
    }
  }

  template <class W> void run_all(std::size_t first, std::size_t last) noexcept {
    task_context t(place_of());
    task_scope inside(t);
    if (Store::drops_values && retries == 0 && timeout == duration::zero() && progress_ == nullptr)
      run_for_effect<W>(first, last, t);
    else
      for (std::size_t i = first; i != last; ++i) run_plain<W>(i, t);
    this->template settled_as<W>(last - first);
  }

  /// Nothing is kept of items that end well, nor is anybody told: a loop with a look at the stop.
  template <class W>
  void run_for_effect(std::size_t i, std::size_t last, task_context const& t) noexcept {
    while (i != last) {
      outcome<R> o;
      try {
        for (; i != last && !this->template requested_as<W>(); ++i) static_cast<void>(invoke(i));
        if (i == last) return;
        o.end_as(ending_of_stop(*this));
      } catch (...) {
        end_by_throw(o, t.scope);
      }
      end_item(i++, std::move(o));
    }
  }

  void end_stopped(std::size_t i) noexcept {
    outcome<R> o;
    o.end_as(ending_of_stop(*this));
    end_item(i, std::move(o));
  }

  template <class W> void run_plain(std::size_t i, task_context& t) noexcept {
    for (unsigned left = retries;; --left) {
      if (this->template requested_as<W>()) return end_stopped(i);
      outcome<R> o;
      deadline_scope* timed = nullptr;
      call_into(o, t, [&]() -> R {
        timed = begin_timeout(t);
        return invoke(i);
      });
      end_timeout(timed, t);
      if (left == 0 || o.how() != ending::failed) return end_item(i, std::move(o));
    }
  }

  static root one_item(root_place, many_call& self, std::size_t i) {
    try {
      co_await self.run_task(i);
    } catch (...) {  // no memory for its frame
      self.end_item(i, outcome<R>::of_error(std::current_exception()));
    }
    self.settled(1);
  }

  /// Takes one item after the other, so that there are no more at once than lanes.
  static root lane(root_place, many_call& self) {
    self.add_reference();
    for (std::size_t i; (i = self.next_.fetch_add(1, seam::relaxed)) < self.count;) {
      try {
        co_await self.run_task(i);
      } catch (...) {  // no memory for its frame
        self.end_item(i, outcome<R>::of_error(std::current_exception()));
      }
      self.settled(1);
    }
    self.release_outside_tasks();
  }

  task<> run_task(std::size_t i) {
    task_context& t = *current_task();
    for (unsigned left = retries;; --left) {
      outcome<R> o;
      o.end_as(ending_of_stop(*this));
      if (!requested()) {
        deadline_scope* timed = nullptr;
        try {
          timed = begin_timeout(t);
          if constexpr (std::is_void_v<R>) {
            co_await invoke(i);
            o.emplace();
          } else {
            o.emplace(co_await invoke(i));
          }
        } catch (...) {
          end_by_throw(o, t.scope);
        }
        end_timeout(timed, t);
      }
      if (left == 0 || o.how() != ending::failed || requested()) {
        end_item(i, std::move(o));
        co_return;
      }
    }
  }

  /// Null: there is none.
  deadline_scope* begin_timeout(task_context& t) {
    if (timeout == duration::zero()) return nullptr;
    auto* const s = deadline_scope::with(owner(), this, after(timeout));
    t.scope = s;
    return s;
  }
  void end_timeout(deadline_scope* timed, task_context& t) noexcept {
    t.scope = this;
    if (timed != nullptr) timed->end();
  }

  raw invoke(std::size_t i) {
    return detail::invoke(std::as_const(parts_->f),
                          static_cast<argument>(std::ranges::begin(parts_->items)[at(i)]));
  }

  void end_item(std::size_t i, outcome<R>&& o) noexcept {
    ending const how = o.how();
    Store::put(i, std::move(o), *this);
    if (progress_ != nullptr) progress_->on_ended(how);
  }

  void drop(std::size_t first, std::size_t last, ending how, std::exception_ptr error) noexcept {
    for (std::size_t i = first; i != last; ++i)
      end_item(i, how == ending::failed      ? outcome<R>::of_error(error)
                  : how == ending::timed_out ? outcome<R>::of_timeout()
                                             : outcome<R>::of_stop());
    settled(units(last - first));
  }

  struct parts {
    template <class I> parts(I&& all, F&& g) : items(std::forward<I>(all)), f(std::move(g)) {}
    Range items;  // an lvalue reference, or the range itself
    F const f;
  };

  void drop_parts() noexcept override { parts_.reset(); }

  std::optional<parts> parts_;  // empty once all items have ended
  observer* const progress_;
  seam::atomic<std::size_t> next_{0};  // the next item of the lanes
  seam::atomic<unsigned> lanes_{0};    // lanes asked for, at least those that run
};

}  // namespace quartet::detail
