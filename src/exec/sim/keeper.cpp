// SPDX-License-Identifier: Apache-2.0
// The first simulated thread: it fires timers, and acts when nobody else can go on.
#include <algorithm>

#include "core.hpp"
#include "off_world.hpp"
#include "worker.hpp"

namespace quartet::detail::sim {

void core::keep() noexcept {
  bool time_may_pass = false;
  while (!closing_) {
    fire_due();
    if (end_of_drive()) {
      leave(drive_end::done);
    } else if (now() >= asked_until_) {
      leave(drive_end::late);
    } else if (std::exchange(keeper_word_, 0) == 0) {
      called const why = world_.keep(&keeper_word_, next_time(), time_may_pass);
      bool const nothing_to_do = why != called::woken && !help_out();
      if (nothing_to_do && why == called::stuck)
        leave(trouble_ != nullptr ? drive_end::trouble : drive_end::stuck);
      time_may_pass = nothing_to_do && why == called::idle;
    }
  }
  close_workers();
}

// Whether somebody goes on: another worker, since all others wait; or one who was woken from
// outside.
bool core::help_out() noexcept {
  bool const one_more = muster(active_ + 1);
  return world_.look_at_words() || one_more;
}

// A timer that was armed from outside is found here, too: we are asked before time passes.
time_point core::next_time() noexcept {
  off_world_guard const g(lock_);
  return timers_.empty() ? asked_until_ : std::min(timers_.first().when, asked_until_);
}

void core::wake_keeper() noexcept {
  keeper_word_ = 1;
  world_.rouse(&keeper_word_);
}

// Another one may be leaving, and have let us go on because we held a lock.
void core::leave(drive_end how) noexcept {
  if (leaving_) return world_.yield_thread();
  leaving_ = true;
  how_ = how;
  world_.leave();
  leaving_ = false;
  wake_keeper();  // something else is waited for now
  muster(options_.workers);
}

bool core::end_of_drive() noexcept {
  if (closing_) return false;
  if (asked_ == nullptr) return all_ended();
  return __atomic_load_n(asked_->address(), __ATOMIC_ACQUIRE);
}

void core::close_workers() noexcept {
  while (!resting_.empty()) call_up();
  for (auto const& w : workers_) world_.join_thread(w->thread);
}

void core::arm(timer& t) {
  bool const in = inside();
  if (in) seam::announce(seam::kind::store, &t, true, seam::release, place::here());
  {
    off_world_guard const g(lock_);
    timers_.push(t);
    if (&timers_.first() != &t) return;
  }
  in ? wake_keeper() : knock();
}

bool core::cancel(timer& t) noexcept {
  {
    off_world_guard const g(lock_);
    if (timers_.remove(t)) return true;
    if (firing_ != &t || firing_thread_ == seam::thread_identity()) return false;
  }
  seam::guard const g(fire_lock_);  // until it has fired
  return false;
}

void core::fire_due() noexcept {
  for (;;) {
    {
      off_world_guard const g(lock_);
      if (timers_.empty() || timers_.first().when > now()) return;
    }
    seam::guard const g(fire_lock_);  // before it can be seen to fire
    timer* t = nullptr;
    {
      off_world_guard const own(lock_);
      firing_ = t = timers_.pop_due(now());
      firing_thread_ = seam::thread_identity();
    }
    if (t == nullptr) return;
    seam::announce(seam::kind::load, t, false, seam::acquire, place::here());
    t->fire(*t);
    off_world_guard const own(lock_);
    firing_ = nullptr;
  }
}

}  // namespace quartet::detail::sim
