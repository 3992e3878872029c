// SPDX-License-Identifier: Apache-2.0
// Somebody who is suspended until a token resumes him: a coroutine or a thread.
#pragma once

#include <coroutine>

#include <quartet/core/call.hpp>
#include <quartet/core/detail/task_note.hpp>
#include <quartet/seam/futex.hpp>
#include <quartet/seam/shared.hpp>

namespace quartet {

class executor_base;
class task_context;

/// The one form of waiting: suspend this context until `resume`. Primitives know only this.
/// Threads: `resume` once, from any thread. Stop: whoever resumes says why.
/// Errors: none. Lifetime: the waiter may be gone as soon as `resume` has begun its last step:
/// do not touch it, nor what it belongs to, afterwards.
class waiter {
 public:
  void resume() noexcept { resume_(*this); }

 protected:
  using function = void (*)(waiter&) noexcept;
  explicit waiter(function f) noexcept : resume_(f) {}
  waiter(waiter const&) = delete;
  waiter& operator=(waiter const&) = delete;
  ~waiter() = default;

 private:
  function resume_;
};

/// A coroutine: resumed by its executor.
/// Threads: see waiter. Stop: see waiter. Errors: none. Lifetime: in the suspended frame.
class task_waiter : public waiter {
 public:
  task_waiter() noexcept : waiter(&post) {}
  /// Must be called in `await_suspend` before anyone may resume us. `W` is place, or seam::quiet:
  /// then whoever calls has to say `told` where a machine listens.
  template <class W = place> void suspend(task_context& t, std::coroutine_handle<> h) noexcept {
    task_ = &t;
    handle_ = h;
    if constexpr (std::same_as<W, place>) told();
  }
  /// `line`: where we wait.
  void told(void const* line = nullptr) noexcept {
    detail::note_task(seam::kind::suspend, task_, line);
  }
  /// We do not suspend after all.
  void goes_on() noexcept { detail::note_task(seam::kind::resume, task_); }

 private:
  static void post(waiter&) noexcept;
  detail::watched<task_context*> task_ = nullptr;
  detail::watched<std::coroutine_handle<>> handle_;
};

/// A coroutine that first registers in several places: whoever resumes it early only leaves a mark.
/// `gate_` goes arming -> armed (by `arm`) or arming -> fired, armed -> fired (by `resume`). The
/// second one to exchange acts: a late `resume` posts the task, a late `arm` does not suspend.
/// Threads: see waiter. Stop: see waiter. Errors: none. Lifetime: in the suspended frame.
class gated_waiter : public waiter {
 public:
  gated_waiter() noexcept : waiter(&pass) {}
  /// Begins to suspend; from here on `resume` may be called. `W` is place, or seam::quiet.
  template <class W = place> void suspend(task_context& t, std::coroutine_handle<> h) noexcept {
    task_ = &t;
    handle_ = h;
    detail::note_task_as<W>(seam::kind::suspend, &t);
  }
  /// Last step of `await_suspend`. True: stay suspended, touch nothing. False: go on at once.
  template <class W = place> bool arm() noexcept {
    bool const stays = gate_.exchange(armed, seam::acq_rel, W::here()) == arming;
    if (!stays) goes_on<W>();
    return stays;
  }
  /// Instead of `arm`: we do not suspend after all.
  template <class W = place> void goes_on() noexcept {
    detail::note_task_as<W>(seam::kind::resume, task_);
  }

 private:
  enum : unsigned char { arming, armed, fired };
  static void pass(waiter&) noexcept;
  template <class W> static void pass_as(gated_waiter&) noexcept;
  detail::watched<task_context*> task_ = nullptr;
  detail::watched<std::coroutine_handle<>> handle_;
  seam::atomic<unsigned char> gate_{arming};
};

/// A thread: parked on a futex, or driving the executor that it waits for.
/// Threads: see waiter. Stop: see waiter. Errors: `wait` throws would_deadlock, see `drive`.
/// Lifetime: on the stack of the thread.
class blocking_waiter : public waiter {
 public:
  /// `driver`: the driven executor whose work ends the wait; null if unknown or not driven. It is
  /// not looked at before the wait, since it may be gone.
  explicit blocking_waiter(executor_base* driver = nullptr) noexcept;
  blocking_waiter(blocking_waiter const&) = delete;
  ~blocking_waiter();

  /// Blocks: the thread, until resumed or `deadline`. True: resumed.
  bool wait(time_point deadline = never);
  /// For destructors: never refused, see `executor_base::drive_to_end`. Blocks: the thread.
  void wait_to_end() noexcept;

 private:
  static void wake(waiter&) noexcept;
  struct note : call {  // tells a driven executor's thread that the wait is over
    blocking_waiter* owner = nullptr;
  };
  bool resumed_soon() const noexcept;

  executor_base* driver_;  // null: park
  // Whoever resumes us makes a system call only if we are asleep.
  static constexpr std::uint32_t awake = 0, resumed = 1, asleep = 2;
  seam::futex_word word_{awake};
  seam::atomic<bool> done_{false};  // the same for a driven executor, set on its thread
  note note_;
};

}  // namespace quartet
