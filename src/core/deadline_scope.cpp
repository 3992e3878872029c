// SPDX-License-Identifier: Apache-2.0
// Deadlines of scopes.
#include <quartet/core/detail/deadline_scope.hpp>

namespace quartet::detail {

deadline_scope::deadline_scope(executor_base& e, stop_state* parent)
    : timer([](timer& t) noexcept {
        static_cast<deadline_scope&>(t).request(stop_reason::deadline);
      }),
      timers_(e.timers()) {
  when = never;
  if (parent != nullptr) link_to(*parent);
}

deadline_scope* deadline_scope::with(executor_base& e, stop_state* parent, time_point deadline) {
  auto* const s = new deadline_scope(e, parent);
  try {
    if (deadline != never) s->set_deadline(deadline);
  } catch (...) {  // the executor has no room for another timer
    s->end();
    throw;
  }
  return s;
}

void deadline_scope::set_deadline(time_point t) {
  timers_.cancel(*this);
  when = t;
  if (t != never) timers_.arm(*this);
}

void deadline_scope::end() noexcept {
  timers_.cancel(*this);
  unlink();
  release();
}

}  // namespace quartet::detail
