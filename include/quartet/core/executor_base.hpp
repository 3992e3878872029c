// SPDX-License-Identifier: Apache-2.0
// What every executor is to the code above it: a place where calls are started.
#pragma once

#include <quartet/core/call.hpp>
#include <quartet/core/timer.hpp>
#include <quartet/seam/futex.hpp>

namespace quartet {

class blocking_waiter;
class descriptor_service;  // of the reactor; core only carries the pointer

/// The one virtual border. `start` is what makes an executor; the rest has defaults that fit
/// executors with threads of their own.
/// Threads: `start` from any thread. Stop: see `call`. Errors: `start` settles calls it cannot
/// run with an error instead of throwing.
/// Lifetime: the destructor of the derived executor calls `wait_until_idle` first: every call
/// that was started has ended before it goes.
class executor_base {
 public:
  executor_base(executor_base const&) = delete;
  executor_base& operator=(executor_base const&) = delete;
  virtual ~executor_base() = default;

  /// The executor that calls are really given to: another one for a handle such as any_executor.
  virtual executor_base& target() noexcept { return *this; }

  /// Takes `c`: soon `run`s its items on this executor, or `fail`s them. Never blocks, but for an
  /// executor whose nature it is to run the call here and now.
  virtual void start(call& c) noexcept = 0;

  /// How many calls of level normal were started so far by threads that are not its own, where they
  /// stand in one line: while it does not change nobody stands behind the last one. 0: there is no
  /// such line, or nobody to come to its head.
  virtual std::uint64_t started() const noexcept { return 0; }

  /// A higher level for `c`, which was started and has not ended: from now on where `c` waits, but
  /// it may run already, or end meanwhile. Never blocks.
  virtual void raise(call& c, priority to) noexcept { static_cast<void>(c), static_cast<void>(to); }

  /// The timers of the tasks that run here.
  virtual timer_service& timers() noexcept = 0;

  /// What the tasks here wait with for descriptors; null: nothing. Errors: std::system_error,
  /// bad_alloc.
  virtual descriptor_service* descriptors() { return nullptr; }

  /// For executors that run only while a thread drives them (the loop, inline, manual): whether
  /// a blocked thread must call `drive`.
  virtual bool driven() const noexcept { return false; }
  /// Runs what is there, on the calling thread, until `done` is set or `deadline` passes.
  /// Errors: would_deadlock if called by a task of the same single-threaded executor.
  virtual void drive(seam::atomic<bool> const& done, time_point deadline);
  /// The same for destructors that must outwait work which was asked to stop: also inside a task
  /// of this executor, whose others then run on top of it.
  virtual void drive_to_end(seam::atomic<bool> const& done) noexcept { drive(done, never); }

  /// A call that was started here begins, ends; a woken thread that blocked for this driven
  /// executor leaves. Kept by call records and blocking waiters, not by executors.
  virtual void count_in() noexcept;
  virtual void count_out() noexcept;

 protected:
  executor_base() = default;

  /// Blocks until every started call has ended; for executors that have threads of their own.
  void wait_until_idle() noexcept;
  std::uint32_t outstanding() const noexcept { return outstanding_.load(seam::acquire) & ~awaited; }

 private:
  template <class W> void count_out_as() noexcept;

  // Calls begun and not ended, and a flag: somebody waits for their end, or has, and is to be woken
  // (a pool that falls idle after every call would pay a system call each time for nobody).
  // count_out's decrement (1) releases, wait_until_idle (2) acquires; of that decrement and the
  // flag's step the second one sees the first.
  static constexpr std::uint32_t awaited = 1u << 31;
  seam::futex_word outstanding_{0};
};

}  // namespace quartet
