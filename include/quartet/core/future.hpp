// SPDX-License-Identifier: Apache-2.0
// The handle of a submitted call: await it, block for it, or stop it.
#pragma once

#include <quartet/core/detail/one_call.hpp>
#include <quartet/core/detail/record_wait.hpp>

namespace quartet {

/// What `submit` gives. Each future is taken once.
/// Threads: belongs to one owner at a time; it may move between threads.
/// Stop: a stopped await ends with `stopped`, and the call is asked to stop as well.
/// Errors: awaiting throws what the call threw, `stopped` or `timed_out`; would_deadlock, which
/// names the tasks, if the call waits in its turn, directly or not, for the task that would await
/// it, also if only a deadline would end that.
/// Lifetime: destroyed unawaited it asks its call to stop and does not block; the executor joins
/// the call.
template <class R> class [[nodiscard(
    "co_await it, blocking_get() it, or stop() it: a dropped future stops its "
    "call")]] future {
 public:
  using value_type = R;

  future(future && other) noexcept : record_(std::exchange(other.record_, nullptr)) {}
  future& operator=(future&& other) noexcept {
    std::swap(record_, other.record_);
    return *this;
  }
  ~future() {
    if (record_ == nullptr) return;
    if (!record_->finished()) record_->request();
    record_->release();
  }

  /// Asks the call to stop. Queued, it never runs; running, it sees the stop at its next wait.
  void stop() noexcept { record().request(); }
  bool done() const noexcept { return record().finished(); }

  /// The result. Blocks: the thread; a pool's worker gives its slot away meanwhile.
  /// Errors: as awaiting; would_deadlock inside a task of the loop that would have to run it.
  R blocking_get() {
    record().block();
    return take();
  }

  auto operator co_await() noexcept { return awaiter{{}, *this, {}}; }

 private:
  explicit future(detail::result_record<R> * r) noexcept : record_(r) {}
  template <class> friend class executor_members;

  detail::result_record<R>& record() const noexcept {
    QUARTET_ASSERT(record_ != nullptr, "a future is taken once; this one was taken or moved from");
    return *record_;
  }

  R take() {
    struct release {
      detail::result_record<R>* r;
      ~release() { r->release(); }
    } at_end{std::exchange(record_, nullptr)};
    return at_end.r->take();
  }

  struct awaiter : detail::native_awaiter {
    future& of;
    detail::record_wait wait;

    bool await_ready() noexcept { return wait.ready(of.record()); }
    template <class P> bool await_suspend(std::coroutine_handle<P> h) noexcept {
      return wait.suspend(*of.record_, detail::leave(h), h);
    }
    R await_resume() {
      wait.end();
      return of.take();
    }
  };

  detail::result_record<R>* record_;  // null: moved from or taken
};

}  // namespace quartet
