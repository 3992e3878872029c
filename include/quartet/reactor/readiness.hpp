// SPDX-License-Identifier: Apache-2.0
// `co_await readable(fd)`: waiting for sockets and pipes without blocking a thread.
#pragma once

#include <quartet/core/detail/promise.hpp>
#include <quartet/core/stop.hpp>
#include <quartet/core/waiter.hpp>
#include <quartet/os/fd.hpp>
#include <quartet/reactor/watcher.hpp>

namespace quartet {

namespace detail {

/// Waits until a descriptor is ready or a stop: the watcher and the stop hook race for `taken_`.
class readiness_awaiter : public native_awaiter, watcher, stop_hook {
 public:
  readiness_awaiter(int fd, os::interest what) noexcept
      : watcher(&on_ready), stop_hook(&on_stop), fd_(fd), what_(what) {}
  bool await_ready() const noexcept { return false; }
  template <class P> bool await_suspend(std::coroutine_handle<P> h) { return suspend(leave(h), h); }
  void await_resume();

 private:
  static void on_ready(watcher& w, os::poll_event) noexcept;
  static void on_stop(stop_hook& h, stop_round&) noexcept;
  bool suspend(task_context& t, std::coroutine_handle<> h);
  bool watch();
  bool take() noexcept { return !taken_.exchange(true, seam::acq_rel); }

  int const fd_;
  os::interest const what_;
  os::fd copy_;  // watched instead, if somebody watches the descriptor already
  gated_waiter waiter_;
  watched<descriptor_service*> service_ = nullptr;  // null: nothing was watched
  seam::atomic<bool> taken_{false};                 // whoever sets it resumes the waiter
  watched<bool> stopped_ = false;
};

struct readiness_request {
  int fd;
  os::interest what;
  readiness_awaiter operator co_await() const noexcept { return {fd, what}; }
};

}  // namespace detail

/// Until a read of `fd` does not block: there is something, or the other side has ended, or an
/// error. What is never waited for, such as a file, is ready at once. Any number of tasks may wait
/// for a descriptor; each that is woken may find that another one was faster, so read without
/// blocking. Executors: the loop, the pool, `sync`, calls in worker processes.
/// Blocks: suspends. Stop: ends early with `stopped`. Errors: std::system_error:
/// bad_file_descriptor, not_supported elsewhere. Lifetime: `fd` stays open meanwhile.
[[nodiscard("co_await it")]] inline detail::readiness_request readable(int fd) noexcept {
  return {fd, os::interest::readable};
}

/// Until a write to `fd` does not block, or is an error; for a socket that connects: until it has
/// ended to do so. All else as above.
[[nodiscard("co_await it")]] inline detail::readiness_request writable(int fd) noexcept {
  return {fd, os::interest::writable};
}

}  // namespace quartet
