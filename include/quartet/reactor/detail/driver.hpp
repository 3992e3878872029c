// SPDX-License-Identifier: Apache-2.0
// Who drives a reactor that has no thread of its own, and who waits meanwhile.
#pragma once

#include <quartet/base/intrusive_list.hpp>
#include <quartet/core/execution.hpp>
#include <quartet/core/pool_options.hpp>
#include <quartet/reactor/reactor.hpp>

namespace quartet::detail {

/// A thread inside an executor that is driven: running its tasks, or waiting for another thread
/// that does.
/// Threads: belongs to its thread. Stop: not concerned. Errors: none.
/// Lifetime: on the stack of the thread, in the scope of the execution around it.
class driving : public execution {
 public:
  explicit driving(executor_base& e) noexcept
      : execution(e), around_(current_execution()), outer_(dynamic_cast<driving*>(around_)) {
    budget = pool_options{}.budget;
  }

  /// Whether the calling thread is inside `e`.
  static bool inside(executor_base const& e) noexcept;
  /// Whether the calling thread is the driver of `e`, however deep it is nested.
  static bool drives(executor_base const& e) noexcept;

  void will_block() noexcept override {
    if (around_ != nullptr) around_->will_block();
  }
  void did_block() noexcept override {
    if (around_ != nullptr) around_->did_block();
  }

  bool has_role = false;  ///< whether this thread is the driver

 private:
  execution* const around_;  // null: the thread is no executor's
  driving* const outer_;     // the same if it is of our kind, else null
};

/// What a task that blocks on its own executor gets: an error, since it would wait for itself, or
/// the right to run the others meanwhile.
enum class nesting : unsigned char { refused, allowed };

/// The role of the driver, the threads that wait for it, and the calls not ended.
///
/// Threads: all members concurrently. Stop: not concerned. Errors: see `drive`.
/// Lifetime: `drain` before it dies; nothing of it is touched after a call's end was counted, nor
/// by a thread that has left `drive`.
class driver {
 public:
  explicit driver(nesting n) noexcept : nesting_(n) {}
  driver(driver const&) = delete;
  driver& operator=(driver const&) = delete;

  reactor& events() noexcept { return reactor_; }

  void count_in() noexcept { outstanding_.fetch_add(1, seam::relaxed); }
  void count_out() noexcept;

  /// Throws would_deadlock if the calling thread runs a task of `e` and must not wait for others.
  void refuse_nested(executor_base const& e, char const* what) const;
  /// Runs calls on this thread, or waits for the thread that does, until `done` or `deadline`.
  void drive(executor_base& e, seam::atomic<bool> const& done, time_point deadline);
  /// The same, whether nested or not.
  void drive_to(executor_base& e, seam::atomic<bool> const& done, time_point deadline);
  /// Drives until every call has ended and every waiting thread has left.
  void drain(executor_base& e) noexcept;

 private:
  struct seat : list_node {  // a thread that waits; on its stack
    explicit seat(seam::atomic<bool> const& d) noexcept : done(d) {}
    seam::atomic<bool> const& done;
    seam::futex_word word{0};  // 1: look again
  };

  void work(seam::atomic<bool> const& done, time_point deadline) noexcept;
  void turn(seam::atomic<bool> const* done, time_point deadline) noexcept;
  bool park(seam::atomic<bool> const& done, time_point deadline) noexcept;
  void call_up(seat& s) noexcept;
  void serve_seats() noexcept;
  void leave_role(driving& here) noexcept;

  nesting const nesting_;
  seam::atomic<std::size_t> outstanding_{0};  // calls begun and not ended
  seam::atomic<bool> has_seats_{false};       // a hint; written under lock_
  seam::mutex lock_;                          // guards the fields below, and changes of the role
  watched<intrusive_list<seat>> seats_;       // not yet called up
  watched<std::size_t> present_ = 0;          // threads inside `drive`
  watched<bool> draining_ = false;            // somebody waits for outstanding_ == 0
  seam::condition left_;                      // present_ has become 0
  reactor reactor_;
};

}  // namespace quartet::detail
