// SPDX-License-Identifier: Apache-2.0
// Running a call where it was submitted.
#include <quartet/core/detail/call_record.hpp>
#include <quartet/exec/inline/inline_executor.hpp>

namespace quartet {

namespace {

void run_here(executor_base& e, call& c) noexcept {
  execution const* const now = current_execution();
  if (now != nullptr && now->executor == &e) {
    c.run(c, 0, c.count);
    return;
  }
  detail::driving here(e);
  execution_scope const scope(here);
  c.run(c, 0, c.count);
}

}  // namespace

void inline_executor::start(call& c) noexcept {
  if (c.why != call::turn::fresh) {
    events().post(c);
    return;
  }
  stop_state* const scope = c.scope;  // null: a task of a group, which is joined by the group
  if (scope != nullptr) scope->add_reference();
  run_here(*this, c);
  if (scope == nullptr) return;
  if (auto* const record = dynamic_cast<detail::call_record*>(scope)) {
    try {
      record->block();
    } catch (...) {  // it waits for us, somehow: its own waits are stopped
      record->end_now();
    }
  }
  scope->release();
}

}  // namespace quartet
