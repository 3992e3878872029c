// SPDX-License-Identifier: Apache-2.0
// A fork of a plain function: the frame lies on the stack of the forking thread, which waits there.
//
// While it waits for a line that somebody else runs, the thread helps, but only with what it waits
// for: it steals from the worker that took the rest (leapfrogging, Wagner and Calder, PPoPP 1993),
// and runs what it gets there only if that is a descendant of its own fork. So nothing foreign ever
// runs on top of a lock that the waiting function holds. If there is nothing to help with it gives
// its slot away and sleeps.
#pragma once

#include <quartet/core/context.hpp>
#include <quartet/core/detail/fork_lines.hpp>
#include <quartet/seam/futex.hpp>

namespace quartet::detail {

/// One fork of a plain function; what its branches are is said by the class above it.
/// Threads: as fork_lines says. Stop: branches that begin elsewhere have the scope of the forking
/// task. Errors: kept by the class above. Lifetime: until all lines have come in.
class plain_fork : public fork_lines {
 public:
  plain_fork(plain_fork const&) = delete;
  plain_fork& operator=(plain_fork const&) = delete;

 protected:
  plain_fork(execution& e, unsigned branches) noexcept
      : fork_lines(&run_rest, branches),
        thread_(e),
        above_(e.innermost_fork),
        task_(e.task),
        scope_(e.task == nullptr ? nullptr : e.task->scope) {
    e.innermost_fork = this;
  }
  ~plain_fork() { thread_.innermost_fork = above_; }

  virtual void run_branch(unsigned i) noexcept = 0;

  /// The forking line has come in without its rest.
  void come_in() noexcept {
    if (!is_last_in()) wait();
  }
  /// The same after the last branch.
  void main_comes_in() noexcept {
    if (!main_is_last_in()) [[unlikely]]
      wait();
  }

  /// The forking line has taken a rest back of which others ran a part.
  void run_later_rest() noexcept {
    ++stolen_;
    run_line(thread_);
    come_in();
  }

  execution& thread_;

 private:
  enum : std::uint32_t { out, asleep, in };

  static void run_rest(work_item&, std::size_t, std::size_t) noexcept;
  void run_line(execution& e) noexcept;
  void tell() noexcept;
  void wait() noexcept;
  bool help_out() noexcept;
  bool help() noexcept;
  void sleep() noexcept;
  bool is_below(plain_fork const& other) const noexcept;

  plain_fork* const above_;       // the fork in one of whose branches we are; null: in none
  task_context* const task_;      // that forked; null: none
  stop_state* const scope_;       // the task's at the fork; a wait in a branch may change it
  seam::futex_word all_in_{out};  // set to `in` by whoever is last in; (3) release
  seam::atomic<lockfree::deque<work_item>*> taken_by_{nullptr};  // of who took the rest last
};

}  // namespace quartet::detail
