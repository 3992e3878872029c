// SPDX-License-Identifier: Apache-2.0
// The life of a plain thread: a context of its own, so that blocking waits in it are checkpoints.
#include <quartet/base/assert.hpp>
#include <quartet/base/errors.hpp>
#include <quartet/core/context.hpp>
#include <quartet/core/detail/after_fork.hpp>
#include <quartet/exec/threads/thread.hpp>

namespace quartet::detail {

namespace {

/// What a plain thread is to the code in it: it runs nothing but its function.
/// Threads: belongs to its thread. Stop: not concerned. Errors: misuse is an assertion.
/// Lifetime: on the thread's stack.
class lone_executor final : public executor_base {
 public:
  void start(call&) noexcept override {
    QUARTET_ASSERT(false, "a plain thread runs no calls; submit them to an executor");
  }
  timer_service& timers() noexcept override {
    QUARTET_ASSERT(false, "a plain thread has no timers; pass the deadline to the wait itself");
    __builtin_unreachable();
  }
};

}  // namespace

void thread_state::live() noexcept {
  lone_executor alone;
  execution here(alone);
  execution_scope on_this_thread(here);
  task_context task(alone, this, name_.empty() ? nullptr : name_.c_str(), where_);
  task_scope inside(task);
  try {
    run();
  } catch (stopped const&) {
    // The end that was asked for.
  } catch (...) {
    error_ = std::current_exception();
  }
}

void thread_state::owner::begin(thread_state* s) {
  struct release {
    thread_state* s;
    ~release() {
      if (s != nullptr) s->release();
    }
  } on_failure{s};
  if (task_context* const t = current_task(); t != nullptr && t->scope != nullptr)
    s->link_to(*t->scope, t->identity(), false);  // it may outlive the task
  s->process_.is_here();
  s->thread_ = seam::thread([s] { s->live(); }, s->name_.empty() ? "quartet" : s->name_.c_str());
  state_ = std::exchange(on_failure.s, nullptr);
}

std::exception_ptr thread_state::owner::wait() noexcept {
  execution* const here = current_execution();
  if (here != nullptr) here->will_block();
  state_->thread_.join();
  if (here != nullptr) here->did_block();
  thread_state* const s = std::exchange(state_, nullptr);
  s->unlink();
  std::exception_ptr e = std::move(s->error_.write());
  s->release();
  return e;
}

void thread_state::owner::join() {
  QUARTET_ASSERT(joinable(), "there is no thread to join: never started, moved from, or joined");
  bool const is_lost = state_->process_.is_elsewhere();
  std::exception_ptr const e = wait();
  if (is_lost) std::rethrow_exception(left_in_parent());
  if (e != nullptr) std::rethrow_exception(e);
}

void thread_state::owner::end() noexcept {
  if (state_ == nullptr) return;
  state_->request();
  if (std::exception_ptr const e = wait()) std::rethrow_exception(e);  // noexcept: terminates
}

}  // namespace quartet::detail
