// SPDX-License-Identifier: Apache-2.0
// Setting and resetting an event.
#include <quartet/sync/event.hpp>

namespace quartet {

void event::set() noexcept {
  wake_list woken;
  seam::guard g(guard_);
  set_ = true;
  line_.take_all(woken);
}

void event::reset() noexcept {
  seam::guard g(guard_);
  set_ = false;
}

bool event::is_set() const noexcept {
  seam::guard g(guard_);
  return set_;
}

}  // namespace quartet
