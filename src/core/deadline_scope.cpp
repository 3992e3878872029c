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
