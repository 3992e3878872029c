// SPDX-License-Identifier: Apache-2.0
// Taking work back from under newer work.
#include <quartet/core/execution.hpp>

namespace quartet {

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
