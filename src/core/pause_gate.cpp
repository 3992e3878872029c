// SPDX-License-Identifier: Apache-2.0
// Closing, opening, and the way of a call along the gates.
#include <algorithm>

#include <quartet/core/detail/call_record.hpp>
#include <quartet/core/detail/pause_gate.hpp>

namespace quartet::detail {

namespace {

/// As one that goes on: an executor that runs calls here and now must not, in whoever resumes.
void start(call& c) noexcept {
  if (pause_gate::any() && pause_gate::keep(c)) return;  // there is another one
  if (task_context* const t = task_context::resumed_by(c)) {
    c.level = t->current_level();
    if (c.why == call::turn::fresh) c.why = call::turn::resumed;
    return t->executor->start(c);
  }
  auto& record = static_cast<call_record&>(c);
  c.level = std::max(c.level, record.raised());
  c.why = call::turn::resumed;
  record.give();
}

}  // namespace

void pause_gate::start_all(queue all) noexcept {
  while (call* const c = all.pop_front()) start(*c);
}

void pause_gate::close() noexcept {
  queue all;
  {
    seam::guard const turn(turn_);
    if (listens_) return;
    scope_walk::open(closed_gates_);
    {
      seam::guard const g(guard_);
      closed_ = true;
    }
    listens_ = true;
    if (!stop_.attach(scope_)) all = take_all();
  }
  start_all(std::move(all));
}

void pause_gate::open() noexcept {
  queue all;
  {
    seam::guard const turn(turn_);
    if (!listens_) return;
    all = take_all();
    stop_.detach();
    listens_ = false;
  }
  start_all(std::move(all));
}

/// From now on it is open.
pause_gate::queue pause_gate::take_all() noexcept {
  queue all;
  {
    seam::guard const g(guard_);
    if (!closed_) return all;
    closed_ = false;
    all = std::exchange(kept_.write(), {});
  }
  scope_walk::close(closed_gates_);
  return all;
}

bool pause_gate::keep_here(call& c) noexcept {
  seam::guard const g(guard_);
  if (closed_) kept_.write().push_back(c);
  return closed_;
}

bool pause_gate::keep(call& c) noexcept {
  task_context* const t = task_context::resumed_by(c);
  task_context const* by = t != nullptr ? t->identity() : nullptr;
  seam::mutex* const walkers = scope_walk::guard();
  if (walkers == nullptr) return false;
  seam::guard const in(*walkers);
  if (!any()) return false;  // no more, so nobody waits for us
  for (stop_state* s = t != nullptr ? t->scope : c.scope; s != nullptr; s = s->above()) {
    task_context const* const opener = s->opener();
    pause_gate* const gate = s->gate();
    if (gate != nullptr && opener != by && gate->keep_here(c)) return true;
    if (opener != nullptr) by = opener;
  }
  return false;
}

}  // namespace quartet::detail
