// SPDX-License-Identifier: Apache-2.0
// A task's wait for the end of a call.
#pragma once

#include <quartet/core/detail/call_record.hpp>

namespace quartet::detail {

/// Waits for the end of a record. When the task is stopped meanwhile the record is asked to stop
/// too; `leaves` says whether the wait then ends at once, or only with the record.
/// Threads: the awaiting task's. Stop: as said. Errors: `end` throws stopped.
/// Lifetime: in the suspended frame.
class record_wait {
 public:
  record_wait() noexcept : hook_(*this) {}
  record_wait(record_wait const&) = delete;
  record_wait& operator=(record_wait const&) = delete;

  /// Whether the record has ended, and nobody comes before us.
  bool ready(call_record const& r) noexcept {
    if (!r.finished()) return false;
    yields_ = must_yield();
    return !yields_;
  }
  /// True: suspended, the frame may be gone. False: `end` says what is.
  bool suspend(call_record& r, task_context& t, std::coroutine_handle<> h,
               bool leaves = true) noexcept;
  /// After resumption. Errors: `stopped` if the task was stopped before the record ended;
  /// would_deadlock if the record waits for this task; closed if it never ends, in the child of a
  /// fork.
  void end();

 private:
  template <class W> bool suspend_as(task_context& t, std::coroutine_handle<> h) noexcept;
  struct stop_watch : stop_hook {
    explicit stop_watch(record_wait& w) noexcept;
    record_wait& owner;
  };
  gated_waiter waiter_;
  stop_watch hook_;
  watched<call_record*> record_ = nullptr;  // null: never suspended
  watched<bool> leaves_ = true;
  bool yields_ = false;            // the record has ended, but others come first
  std::exception_ptr refused_;     // why there is nothing to wait for
  watched<bool> stopped_ = false;  // we were resumed by a stop, not by the end
};

}  // namespace quartet::detail
