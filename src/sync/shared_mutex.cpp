// SPDX-License-Identifier: Apache-2.0
// Handing a shared mutex on in the order of arrival.
//
// The first in line is always one who cannot have the mutex now: a writer while it is shared, any
// while it is exclusive. Every unlock, and whoever leaves the line without his turn, hands on until
// that is so again; so behind a writer that was stopped the readers get in. Who comes newly takes
// only when nobody waits, and so nobody starves: each waits for a bounded number before him.
// Refused: letting in all readers in line after a writer, also those behind the next one. More of
// them read at a time, but a writer would wait for readers that came after it.
#include <quartet/sync/shared_mutex.hpp>

namespace quartet {

bool shared_mutex::grant(mode how) noexcept {
  bool const alone = how == mode::exclusive;
  if (exclusive_ || (alone && sharers_ != 0)) return false;
  if (alone)
    exclusive_ = true;
  else
    ++sharers_;
  return true;
}

bool shared_mutex::take(mode how) noexcept { return line_.empty() && grant(how); }

void shared_mutex::hand_on(wake_list& woken) noexcept {
  while (!line_.empty() && grant(*static_cast<mode const*>(line_.front().payload)))
    line_.take(woken);
}

bool shared_mutex::try_lock() noexcept {
  seam::guard g(guard_);
  return take(mode::exclusive);
}

bool shared_mutex::try_lock_shared() noexcept {
  seam::guard g(guard_);
  return take(mode::shared);
}

void shared_mutex::unlock() noexcept {
  wake_list woken;
  seam::guard g(guard_);
  QUARTET_ASSERT(exclusive_, "a shared_mutex was unlocked that nobody had locked exclusively");
  exclusive_ = false;
  hand_on(woken);
}

void shared_mutex::unlock_shared() noexcept {
  wake_list woken;
  seam::guard g(guard_);
  QUARTET_ASSERT(sharers_ != 0, "unlock_shared of a shared_mutex that nobody shared");
  --sharers_;
  hand_on(woken);
}

void shared_mutex::late(mode how) {
  throw timed_out(
      how == mode::exclusive
          ? "a shared_mutex was owned by others until the deadline"
          : "a writer owned a shared_mutex, or stood in line first, until the deadline");
}

}  // namespace quartet
