// SPDX-License-Identifier: Apache-2.0
// The handle of a bulk call: awaited where it was made, or blocked for.
#pragma once

#include <quartet/algo/detail/many_call.hpp>

namespace quartet {

namespace detail {

struct bulk_start;  // makes the handles

/// Results in the order of the items, and the failure of the lowest index among those that failed
/// before the stop reached the others.
template <class R> class ordered_store {
 public:
  static constexpr bool drops_values = std::is_void_v<R>;
  explicit ordered_store(std::size_t n) : values_(std::is_void_v<R> ? 0 : n) {}

  void put(std::size_t i, outcome<R>&& o, call_record& record) noexcept {
    if (o) try {
        if constexpr (!std::is_void_v<R>) values_[i].write().emplace(o.take());
        return;
      } catch (...) {  // its value could not be moved
        o.end_as(ending::failed, std::current_exception());
      }
    {
      seam::guard g(guard_);
      bool const worse = rank(o.how()) > rank(how_) || (rank(o.how()) == rank(how_) && i < index_);
      if (worse) {
        how_ = o.how();
        index_ = i;
        error_ = o.error();
      }
    }
    record.request();  // the first failure stops the rest
  }

  /// After the end. Errors: the failure, timed_out or stopped.
  auto take() {
    if (how_ == ending::failed) std::rethrow_exception(std::move(error_.write()));
    if (how_ == ending::timed_out) throw timed_out();
    if (how_ == ending::stopped) throw stopped();
    if constexpr (!std::is_void_v<R>) {
      std::vector<R> all;
      all.reserve(values_.size());
      for (auto& v : values_) all.push_back(std::move(*v.write()));
      return all;
    }
  }

 private:
  static int rank(ending e) noexcept {
    return e == ending::value ? 0 : e == ending::stopped ? 1 : 2;
  }
  std::vector<watched<std::optional<stored<R>>>> values_;  // each written by whoever runs the item
  seam::mutex guard_;                                      // guards the fields below
  watched<ending> how_ = ending::value;
  watched<std::size_t> index_ = 0;
  watched<std::exception_ptr> error_;
};

template <class R> outcome<void> without_value(outcome<R> const& o) noexcept {
  switch (o.how()) {
    case ending::value:
      return outcome<void>::of_value();
    case ending::failed:
      return outcome<void>::of_error(o.error());
    case ending::timed_out:
      return outcome<void>::of_timeout();
    default:
      return outcome<void>::of_stop();
  }
}

/// Keeps no results, only the failure.
template <class R> class dropping_store : public ordered_store<void> {
 public:
  using ordered_store<void>::ordered_store;
  void put(std::size_t i, outcome<R>&& o, call_record& record) noexcept {
    ordered_store<void>::put(i, without_value(o), record);
  }
};

}  // namespace detail

/// What `map`, `for_each` and `reduce` give: `std::vector<R>`, nothing for `void`, or the one
/// value, once all items are done. Immovable: items may be borrowed from the caller. Threads:
/// belongs to the task or thread that made it. Stop: the stop of the awaiting task stops the items;
/// the wait ends when they have ended. Errors: the first failure stops the rest and is thrown;
/// `timed_out`; `stopped`. Lifetime: destroyed unawaited it stops its items and blocks until none
/// runs any more.
template <class R, class Store = detail::ordered_store<R>>
class [[nodiscard("co_await it, or blocking_get() it")]] batch {
 public:
  batch(batch const&) = delete;
  batch& operator=(batch const&) = delete;
  ~batch() {
    record_->end_now();
    record_->release();
  }

  void stop() noexcept { record_->request(); }
  bool done() const noexcept { return record_->finished(); }

  /// Blocks: the thread. Errors: see above; would_deadlock inside a task of the same loop.
  auto blocking_get() {
    record_->block();
    return store_->take();
  }

  auto operator co_await() noexcept { return awaiter{{}, *this, {}}; }

 private:
  friend struct detail::bulk_start;

  template <class Record> explicit batch(Record * r) noexcept : record_(r), store_(r) {
    r->begin();
  }

  struct awaiter : detail::native_awaiter {
    batch& of;
    detail::record_wait wait;

    bool await_ready() noexcept { return wait.ready(*of.record_); }
    template <class P> bool await_suspend(std::coroutine_handle<P> h) noexcept {
      return wait.suspend(*of.record_, detail::leave(h), h, false);
    }
    auto await_resume() {
      wait.end();
      return of.store_->take();
    }
  };

  detail::call_record* const record_;
  Store* const store_;  // part of the record
};

}  // namespace quartet
