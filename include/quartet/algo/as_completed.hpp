// SPDX-License-Identifier: Apache-2.0
// `as_completed`: the results of a bulk call one by one, whichever is done first.
#pragma once

#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/wait_line.hpp>

namespace quartet {

/// One finished item.
/// Threads: a value. Stop: an item that was stopped has that as its outcome.
/// Errors: `result.value()` throws what the item threw. Lifetime: owns the result.
template <class R> struct completion {
  std::size_t index;
  outcome<R> result;
};

namespace detail {

/// Finished items in the order in which they finished, and those who wait for the next.
template <class R> class completion_store {
 public:
  static constexpr bool drops_values = false;
  explicit completion_store(std::size_t n) : left_(n) { done_.reserve(n); }

  void put(std::size_t i, outcome<R>&& o, call_record&) noexcept {
    seam::guard g(guard_);
    try {
      done_.push_back({i, std::move(o)});
    } catch (...) {  // its value could not be moved
      done_.push_back({i, outcome<R>::of_error(std::current_exception())});
    }
    wait_node* const next = line_.take();
    g.unlock();
    if (next != nullptr) next->resume();
  }

  struct want {
    completion_store* of;
    seam::mutex& guard() const noexcept { return of->guard_; }
    wait_line& line() const noexcept { return of->line_; }
    bool try_now(wake_list&) const noexcept {
      return of->taken_ != of->done_.size() || of->left_ == 0;
    }
    void* payload() const noexcept { return nullptr; }
    void left(wake_list&) const noexcept {}
    std::optional<completion<R>> finish(bool) const { return of->take(); }
  };

 private:
  std::optional<completion<R>> take() {
    seam::guard g(guard_);
    if (left_ == 0) return std::nullopt;
    --left_;
    return std::move(done_[taken_++]);
  }

  seam::mutex guard_;                // guards the fields below
  std::vector<completion<R>> done_;  // in order, with room for all: keeping one must not fail
  std::size_t taken_ = 0;            // of those
  std::size_t left_;                 // items not yet taken, finished or not
  wait_line line_;
};

}  // namespace detail

/// What `as_completed` gives: `co_await next()` in a task, a range-for in a thread.
/// Threads: belongs to the task or thread that made it; one waiter at a time.
/// Stop: a stopped `next` has taken no item; the items stop with the task that made this.
/// Errors: each item keeps its own; iterating goes on. Lifetime: destroyed early it stops the
/// items and blocks until none runs any more.
template <class R> class [[nodiscard]] completions {
 public:
  using value_type = completion<R>;
  completions(completions const&) = delete;
  completions& operator=(completions const&) = delete;
  ~completions() {
    record_->end_now();
    record_->release();
  }

  /// The next item that is done, nullopt after the last. Blocks: suspends.
  [[nodiscard("co_await it")]] auto next() noexcept { return wait_in_line(want{store_}); }
  /// Blocks: the thread.
  std::optional<completion<R>> blocking_next() {
    return block_in_line(want{store_}, never, record_->driver());
  }
  void stop() noexcept { record_->request(); }

  /// A blocking input iterator. Errors: would_deadlock inside a task: use `next` there.
  class iterator {
   public:
    using value_type = completion<R>;
    using difference_type = std::ptrdiff_t;
    completion<R>& operator*() const noexcept { return *item_; }
    iterator& operator++() {
      item_ = of_->blocking_next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return !item_; }

   private:
    friend completions;
    explicit iterator(completions& c) : of_(&c), item_(c.blocking_next()) {}
    completions* of_;
    mutable std::optional<completion<R>> item_;
  };
  iterator begin() {
    if (current_task() != nullptr)
      throw would_deadlock(
          "iterating over as_completed blocks; inside a task write "
          "while (auto done = co_await completions.next())");
    return iterator(*this);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  using want = typename detail::completion_store<R>::want;
  friend struct detail::bulk_start;
  template <class Record> explicit completions(Record* r) noexcept : record_(r), store_(r) {
    r->begin();
  }
  detail::call_record* const record_;
  detail::completion_store<R>* const store_;  // part of the record
};

/// Calls `f` for every item and hands out results as they are done.
/// `for (auto&& done : as_completed(ex, urls, fetch)) use(done.index, done.result.value());`
/// Errors: kept in each item's `result`. Range and items: as for `map`.
template <executor E, class Range, class F = detail::this_names_several_functions>
auto as_completed(E& on, Range&& items, F f, bulk_options o = {.where = {}}) {
  if constexpr (detail::check_bulk<Range, F>())
    return detail::bulk_start::make<detail::completion_store, completions, unit>(
        on, std::forward<Range>(items), std::move(f), o);
  else
    return detail::refused{};
}

}  // namespace quartet
