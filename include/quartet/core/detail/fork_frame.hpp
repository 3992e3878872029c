// SPDX-License-Identifier: Apache-2.0
// The state of one fork_join: a fork of a coroutine (see fork_lines.hpp for lines and the join).
//
// A line may also stop in the middle: its branch suspends. The rest stays in the deque; it is run
// like one that was taken, be it on the same worker. If it could not be left there (an executor of
// one thread, a full deque), a new line begins on top of this stack, or, if that is deep, soon.
#pragma once

#include <quartet/core/detail/fork_lines.hpp>
#include <quartet/core/detail/root.hpp>

namespace quartet::detail {

/// One fork of a coroutine; what its branches are is said by the class above it.
/// Threads: as above. Stop: branches that begin with a task of their own have the scope of the
/// forking task. Errors: kept by the class above. Lifetime: in the frame of the forking coroutine;
/// gone as soon as that one goes on.
class fork_frame : public fork_lines {
 public:
  fork_frame(fork_frame const&) = delete;
  fork_frame& operator=(fork_frame const&) = delete;

  /// A branch that had suspended in the forking task has ended; the task is between coroutines.
  void branch_ended(bool last) noexcept;

 protected:
  /// What a branch is: a coroutine that has not begun, or null where the branch has run already.
  struct begun {
    promise_base* promise = nullptr;
    std::coroutine_handle<> handle;
  };

  explicit fork_frame(unsigned branches) noexcept : fork_lines(&run_rest, branches) {}
  ~fork_frame() = default;

  virtual begun begin_branch(unsigned i) noexcept = 0;
  /// Branches [first, last) cannot be run: there is no memory for a task.
  virtual void fail_branches(unsigned first, unsigned last) noexcept = 0;

  void fork_here(promise_base& p, std::coroutine_handle<> h) noexcept {
    parent_ = &p;
    handle_ = h;
    task_context& t = *p.context;
    executor_ = t.executor;
    scope_ = t.scope;
    account_ = t.account;
  }
  /// A branch before the last has suspended. True: the forking coroutine stays suspended.
  bool line_left(bool offered, task_context::base const& here) noexcept {
    if (!offered) start_line(&here);
    return true;
  }
  /// A rest was taken back of which others had run a part. True: stay suspended.
  bool run_later_rest() noexcept {
    start_line(parent_->context->running);
    return come_in();
  }
  /// The forking line has come in, native, without its rest. True: stay suspended.
  bool come_in() noexcept;
  /// The same after the last branch.
  bool main_comes_in() noexcept {
    if (stolen_ == 0 && parent_->context->executor == executor_) [[likely]]
      return false;
    return main_comes_in_slowly();
  }

  task_context::base& here() const noexcept { return *parent_->context->running; }

  promise_base* parent_;

 private:
  struct branch_awaiter;
  static void run_rest(work_item&, std::size_t, std::size_t) noexcept;
  static root line(root_place, fork_frame& f);
  static root single(root_place, fork_frame& f, unsigned i);
  root_place place_of_line() const noexcept;
  void start_line(task_context::base const* on) noexcept;
  void start_single(unsigned i, task_context::base const& on) noexcept;
  bool main_comes_in_slowly() noexcept;
  bool goes_on_here() noexcept;
  void go_on_elsewhere() noexcept;
  void go_on_in(task_context& t) noexcept;

  std::coroutine_handle<> handle_;  // of the forking coroutine
  executor_base* executor_;         // the task's at the fork, and again after the join
  stop_state* scope_;               // the task's at the fork; a branch may change it meanwhile
  account_number account_;          // likewise
};

}  // namespace quartet::detail
