// SPDX-License-Identifier: Apache-2.0
// Handing a mutex on.
#include <quartet/sync/mutex.hpp>

namespace quartet {

void mutex::unlock() noexcept {
  seam::guard g(guard_);
  QUARTET_ASSERT(locked_, "a mutex was unlocked that nobody had locked");
  detail::note_owner(seam::kind::disown, &line_);
  wait_node* const next = line_.take();  // gets the mutex still locked: nobody can barge in
  if (next == nullptr) locked_ = false;
  g.unlock();
  if (next != nullptr) next->resume();
}

}  // namespace quartet
