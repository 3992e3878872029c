// SPDX-License-Identifier: Apache-2.0
// The ways of a fork that are not the common one: the rest was taken, or a branch suspended.
#include <quartet/core/detail/fork_frame.hpp>
#include <quartet/core/detail/task_note.hpp>

namespace quartet::detail {

struct fork_frame::branch_awaiter : native_awaiter {
  branch_awaiter(fork_frame& f, unsigned i) noexcept : of(f), number(i) {}
  bool await_ready() const noexcept { return false; }
  template <class P> bool await_suspend(std::coroutine_handle<P> h) noexcept {
    begun const b = of.begin_branch(number);
    return b.promise != nullptr && b.promise->run_nested(h.promise(), continuation(h), b.handle);
  }
  void await_resume() const noexcept {}

  fork_frame& of;
  unsigned const number;
};

void fork_frame::run_rest(work_item& w, std::size_t, std::size_t) noexcept {
  static_cast<fork_frame&>(w).start_line(nullptr);
}

namespace {
/// Begins `r` on top of the stack of `on`, unless that is deep already or a branch written earlier
/// still waits at its bottom; null: at the bottom of a stack.
void begin_on(root r, task_context::base const* on) noexcept {
  if (on == nullptr)
    r.enter();
  else if (on->next || on->joined != nullptr || on->deep())
    r.post(call::turn::resumed);  // not fresh: that could mean on top of this stack
  else
    r.enter(on->bottom);
}
}  // namespace

/// Whoever holds the rest begins a line of his own with it.
void fork_frame::start_line(task_context::base const* on) noexcept {
  ++stolen_;
  try {
    begin_on(line(place_of_line(), *this), on);
  } catch (...) {  // no memory
    fail_branches(next_, branches_);
    if (main_is_last_in()) go_on_elsewhere();
  }
}

/// The rest cannot be offered, and must not wait for branch `i`: that becomes a line of its own.
void fork_frame::start_single(unsigned i, task_context::base const& on) noexcept {
  ++stolen_;
  try {
    begin_on(single(place_of_line(), *this, i), &on);
  } catch (...) {
    fail_branches(i, i + 1);
    is_last_in();  // never: the rest is ours
  }
}

root_place fork_frame::place_of_line() const noexcept {
  task_context& t = *parent_->context;
  return {*executor_, scope_, nullptr, {}, t.level, account_, t.identity()};
}

root fork_frame::single(root_place, fork_frame& f, unsigned i) {
  co_await branch_awaiter(f, i);
  if (f.is_last_in()) f.go_on_elsewhere();
}

root fork_frame::line(root_place, fork_frame& f) {
  for (;;) {
    unsigned const i = f.next_;
    bool const last = i + 1 == f.branches_;
    f.next_ = i + 1;
    if (!last && !f.offer(*current_execution(), f.next_)) {
      f.start_single(i, *current_task()->running);
      continue;
    }
    co_await branch_awaiter(f, i);
    if (last) {
      if (f.main_is_last_in()) f.go_on_elsewhere();
      co_return;
    }
    if (!current_execution()->take_back(f)) {
      if (f.is_last_in()) f.go_on_elsewhere();
      co_return;
    }
  }
}

/// The task has not left its thread: whether it can go on right here.
bool fork_frame::goes_on_here() noexcept {
  if (parent_->context->executor == executor_) return true;
  go_on_elsewhere();
  return false;
}

void fork_frame::go_on_elsewhere() noexcept {
  task_context& t = *parent_->context;
  t.executor = executor_;
  if (seam::hooked()) [[unlikely]]
    return t.post_told(handle_);
  t.post(handle_);
}

void fork_frame::go_on_in(task_context& t) noexcept {
  if (t.executor == executor_)
    t.running->next = handle_;
  else
    go_on_elsewhere();
}

bool fork_frame::come_in() noexcept {
  task_context& t = *parent_->context;
  parent_->leave();
  note_task(seam::kind::suspend, &t);
  if (!is_last_in()) return true;
  note_task(seam::kind::resume, &t);
  return !goes_on_here();
}

bool fork_frame::main_comes_in_slowly() noexcept {
  task_context& t = *parent_->context;
  parent_->leave();
  note_task(seam::kind::suspend, &t);
  if (!main_is_last_in()) return true;
  note_task(seam::kind::resume, &t);
  return !goes_on_here();
}

void fork_frame::branch_ended(bool last) noexcept {
  task_context& t = *parent_->context;
  while (!last && t.running->on->take_back(*this)) {
    unsigned const i = next_++;
    last = i + 1 == branches_;
    if (!last && !offer(*t.running->on, next_)) start_line(t.running);
    begun const b = begin_branch(i);
    if (b.promise != nullptr)
      return b.promise->run_next(*parent_, continuation(*this, last), b.handle);
  }
  note_task(seam::kind::suspend, &t);
  if (last ? main_is_last_in() : is_last_in()) {
    note_task(seam::kind::resume, &t);
    go_on_in(t);
  }
}

}  // namespace quartet::detail
