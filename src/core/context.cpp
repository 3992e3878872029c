// SPDX-License-Identifier: Apache-2.0
// Running a task's chain of coroutines, and the small calls about the running task.
#include <quartet/base/errors.hpp>
#include <quartet/core/context.hpp>
#include <quartet/core/detail/fork_frame.hpp>
#include <quartet/core/detail/task_note.hpp>

namespace quartet {

void task_context::enter(std::coroutine_handle<> h, char const* bottom) noexcept {
  execution& e = *current_execution();
  task_context* const before = std::exchange(e.task, this);
  e.waits_left = budget != 0 ? budget : e.budget;
  base here(e, bottom);
  running = &here;
  h.resume();
  // `*this` may be gone, or run on another thread: only `here` is ours.
  for (;;) {
    if (here.next) {
      std::exchange(here.next, {}).resume();
    } else if (here.joined != nullptr) {
      std::exchange(here.joined, nullptr)->branch_ended(here.last_branch);
    } else {
      break;
    }
  }
  e.task = before;
}

void task_context::post_told(std::coroutine_handle<> h) noexcept {
  detail::note_task(seam::kind::awake, this);
  resumption_.run = [](work_item& c, std::size_t, std::size_t) noexcept {
    task_context& t = *static_cast<resumption&>(c).task;
    if (t.stays_at_gate()) return;
    detail::note_task(seam::kind::resume, &t);
    t.enter(t.resumption_.handle);
  };
  post(h);
}

bool stop_requested() noexcept {
  execution* const here = current_execution();
  if (here == nullptr || here->task == nullptr) return false;
  if (here->task->stop_requested()) return true;
  here->asked_for_stop();
  return here->task->stop_requested();
}

void set_budget(unsigned waits) noexcept {
  execution* const here = current_execution();
  if (here == nullptr || here->task == nullptr) return;
  here->task->budget = waits;
  here->waits_left = waits != 0 ? waits : here->budget;
}

void checkpoint() {
  if (stop_requested()) throw stopped();
}

stop_token current_stop_token() noexcept {
  task_context const* const t = current_task();
  return t == nullptr ? stop_token() : stop_token(t->scope);
}

}  // namespace quartet
