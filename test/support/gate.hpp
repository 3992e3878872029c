// SPDX-License-Identifier: Apache-2.0
// A task that waits until a test lets it go on.
#pragma once

#include <atomic>
#include <coroutine>
#include <thread>

#include <quartet/core/task.hpp>
#include <quartet/core/waiter.hpp>

namespace quartet::test {

/// Nobody but `open` resumes who waits here, from any thread. No machine sees what it does.
/// Threads: one opens. Stop: what waits is not stopped. Errors: none. Lifetime: outlives `pass`.
class gate {
 public:
  /// Whether `pass` waits, or has.
  bool reached() const noexcept { return reached_.load(); }
  /// Waits until `pass` is there, then resumes it.
  void open() {
    while (!reached()) std::this_thread::yield();
    waiting_.resume();
  }

 private:
  struct awaiter : detail::native_awaiter {
    explicit awaiter(gate& x) noexcept : g(x) {}
    bool await_ready() const noexcept { return false; }
    template <class P> void await_suspend(std::coroutine_handle<P> h) noexcept {
      g.waiting_.suspend(detail::leave(h), h);
      g.reached_.store(true);
    }
    void await_resume() const noexcept {}
    gate& g;
  };
  friend task<> pass(gate* g);

  task_waiter waiting_;
  std::atomic<bool> reached_{false};
};

inline task<> pass(gate* g) { co_await gate::awaiter(*g); }

}  // namespace quartet::test
