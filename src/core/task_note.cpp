// SPDX-License-Identifier: Apache-2.0
// Naming a task to the simulator.
#include <quartet/core/context.hpp>
#include <quartet/core/detail/task_note.hpp>

namespace quartet::detail {

void tell_task(seam::kind what, task_context const* t, void const* object) noexcept {
  seam::this_machine().task({what, t, t == nullptr ? nullptr : t->name, object, place::here()});
}

}  // namespace quartet::detail
