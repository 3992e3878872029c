// SPDX-License-Identifier: Apache-2.0
// Offering and taking back work where the common way does not go.
#include <quartet/core/execution.hpp>

namespace quartet {

/// The deque is full, or there was none until now.
bool execution::offer_elsewhere(work_item& w) noexcept {
  return ready == nullptr && find_place() && offer(w);
}

/// `newest` was taken out of the deque and is not `w`; a branch that posts or submits leaves a few.
bool execution::dig_out(work_item& w, work_item* newest) noexcept {
  constexpr std::size_t most = 32;
  work_item* above[most] = {newest};
  std::size_t n = 1;
  bool found = false;
  while (!found && n != most) {
    work_item* const next = ready->pop();
    if (next == nullptr) break;
    found = next == &w;
    if (!found) above[n++] = next;
  }
  while (n != 0) ready->push(above[--n]);  // there is room: they came from there
  // Meanwhile somebody may have looked here in vain and lain down.
  if (awake->wants_call()) [[unlikely]]
    call_for_help();
  return found;
}

}  // namespace quartet
