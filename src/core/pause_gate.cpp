// SPDX-License-Identifier: Apache-2.0
// Closing, opening, and the way of a call along the gates.
#include <quartet/core/detail/call_record.hpp>
#include <quartet/core/detail/pause_gate.hpp>

namespace quartet::detail {

namespace {

void start(call& c) noexcept {
  if (pause_gate::any() && pause_gate::keep(c)) return;  // there is another one
  if (task_context* const t = task_context::resumed_by(c))
    t->executor->start(c);
  else
    static_cast<call_record&>(c).owner().start(c);
}

}  // namespace

void pause_gate::close() noexcept {
  seam::guard const turn(turn_);
  if (listens_) return;
  {
    seam::guard const g(guard_);
    closed_ = true;
  }
  closed_gates_.fetch_add(1, seam::seq_cst);
  listens_ = true;
  if (!stop_.attach(scope_)) let_go();
}

void pause_gate::open() noexcept {
  seam::guard const turn(turn_);
  if (!listens_) return;
  let_go();
  stop_.detach();
  listens_ = false;
}

void pause_gate::let_go() noexcept {
  intrusive_queue<call, &call::next> all;
  {
    seam::guard const g(guard_);
    if (!closed_) return;
    closed_ = false;
    all = std::exchange(kept_.write(), {});
  }
  closed_gates_.fetch_sub(1, seam::seq_cst);
  while (call* const c = all.pop_front()) start(*c);
}

bool pause_gate::keep_here(call& c) noexcept {
  seam::guard const g(guard_);
  if (closed_) kept_.write().push_back(c);
  return closed_;
}

bool pause_gate::keep(call& c) noexcept {
  task_context const* by = task_context::resumed_by(c);
  stop_state* s = by != nullptr ? by->scope : c.scope;
  while (s != nullptr) {
    task_context const* const opener = s->opener();
    pause_gate* const gate = s->gate();
    if (gate != nullptr && opener != by && gate->keep_here(c)) return true;
    if (opener != nullptr) by = opener;
    s = s->above();
  }
  return false;
}

}  // namespace quartet::detail
