// SPDX-License-Identifier: Apache-2.0
// Entering and leaving a scope of the running task.
#include <quartet/core/scope.hpp>

namespace quartet {

namespace {
task_context& scoped_task() {
  task_context* const t = current_task();
  QUARTET_ASSERT(t != nullptr, "scopes are opened inside a task: loop.run(f), submit(f), spawn(f)");
  return *t;
}
}  // namespace

scope::scope(time_point deadline, shield s)
    : task_(scoped_task()),
      outer_(task_.scope),
      state_(detail::deadline_scope::with(*task_.executor, s == shield::on ? nullptr : outer_,
                                          deadline)) {
  task_.scope = state_;
}

scope::~scope() {
  task_.scope = outer_;
  state_->end();
}

}  // namespace quartet
