// SPDX-License-Identifier: Apache-2.0
// What the promises of all quartet coroutines have in common.
#pragma once

#include <coroutine>

#include <quartet/base/outcome.hpp>
#include <quartet/core/context.hpp>

// On what `await_suspend` calls and that has locals of its own: Clang keeps the locals of a
// function that it inlines into a coroutine in the coroutine's frame, which may be gone while it
// still runs.
#if defined(__clang__)
#define QUARTET_ON_THE_STACK [[gnu::noinline]]
#else
#define QUARTET_ON_THE_STACK
#endif

namespace quartet::detail {

/// Where a task goes on when one of its coroutines has ended: in the coroutine that awaited it, or
/// in the fork of which it was a branch. The two lowest bits of an address are free.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: does not own.
class continuation {
 public:
  continuation() noexcept = default;
  explicit continuation(std::coroutine_handle<> h) noexcept
      : bits_(reinterpret_cast<std::uintptr_t>(h.address())) {}
  continuation(fork_frame& f, bool last_branch) noexcept
      : bits_(reinterpret_cast<std::uintptr_t>(&f) | (last_branch ? 3u : 1u)) {}

  void go_on(task_context& t) const noexcept {
    task_context::base& here = *t.running;
    if ((bits_ & 1) == 0) [[likely]] {
      here.next = std::coroutine_handle<>::from_address(reinterpret_cast<void*>(bits_));
    } else {
      here.joined = reinterpret_cast<fork_frame*>(bits_ & ~std::uintptr_t{3});
      here.last_branch = (bits_ & 2) != 0;
    }
  }

 private:
  std::uintptr_t bits_ = 0;
};

/// A coroutine in the chain of a task; `task_context` explains nesting, leaving and bouncing.
/// Threads: touched by the thread that runs the task. Stop: not concerned. Errors: none.
/// Lifetime: in the coroutine's frame.
struct promise_base {
  static void* operator new(std::size_t n) { return allocate_frame(n); }
  static void operator delete(void* p, std::size_t n) noexcept { free_frame(p, n); }

  /// The task is about to suspend for real: every parent on this stack counts as suspended.
  /// Also correct, only slower, if it then does not suspend.
  void leave() noexcept {
    for (promise_base* p = this; p != nullptr && p->left_ != nullptr; p = p->parent_) {
      *p->left_ = true;
      p->left_ = nullptr;
    }
  }

  /// Runs `mine`, our coroutine, nested in `parent`'s await_suspend. True: the parent must stay
  /// suspended, and its frame may be gone. False: we have ended.
  QUARTET_ON_THE_STACK
  bool run_nested(promise_base& parent, continuation after, std::coroutine_handle<> mine) noexcept {
    context = parent.context;
    parent_ = &parent;
    after_ = after;
    task_context::base& here = *context->running;
    if (here.deep()) [[unlikely]] {
      parent.leave();
      here.next = mine;
      return true;
    }
    bool left = false;
    left_ = &left;
    mine.resume();
    return left;
  }

  /// The same from the bottom of the stack, once whoever calls this has returned there.
  void run_next(promise_base& parent, continuation after, std::coroutine_handle<> mine) noexcept {
    context = parent.context;
    parent_ = &parent;
    after_ = after;
    context->running->next = mine;
  }

  /// At the end of the body: back to the parent.
  void return_to_parent() noexcept {
    if (left_ == nullptr) after_.go_on(*context);
  }

  task_context* context = nullptr;  // set before the body runs

 private:
  promise_base* parent_ = nullptr;  // null: the root of the task
  continuation after_;
  bool* left_ = nullptr;  // set while we run nested: where to tell that we have left
};

template <class P>
concept quartet_promise = std::derived_from<P, promise_base>;

/// For awaiters: the coroutine `h` is about to be handed to whoever resumes it.
template <quartet_promise P> task_context& leave(std::coroutine_handle<P> h) noexcept {
  h.promise().leave();
  return *h.promise().context;
}

/// Awaiters that know this protocol name their promise in `await_suspend` and carry this tag.
struct native_awaiter {};

}  // namespace quartet::detail
