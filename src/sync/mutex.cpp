// SPDX-License-Identifier: Apache-2.0
// Handing a mutex on.
#include <quartet/sync/mutex.hpp>

namespace quartet {

bool mutex::try_lock_otherwise() noexcept {
  seam::guard g(guard_);
  bool const took = !std::exchange(locked_, true);
  if (took) detail::note_owner(seam::kind::own, &line_);
  return took;
}

/// With guard_ held.
inline void mutex::hand_on() noexcept {
  seam::guard g(guard_, seam::adopt());
  QUARTET_ASSERT(locked_, "a mutex was unlocked that nobody had locked");
  wait_node* const next = line_.take();  // gets the mutex still locked: nobody can barge in
  if (next == nullptr) locked_ = false;
  g.unlock();
  if (next != nullptr) next->resume();
}

void mutex::unlock() noexcept {
  if (!guard_.lock_quietly()) [[unlikely]]
    return seam::rarely([this] {
      guard_.lock();
      detail::note_owner(seam::kind::disown, &line_);
      hand_on();
    });
  hand_on();
}

}  // namespace quartet
