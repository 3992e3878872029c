// SPDX-License-Identifier: Apache-2.0
// Driving a simulator from outside.
//
// Whoever drives has the role, enters the world with what it waits for, and comes back with how
// that ended. The world is left by the simulated thread that sees the end: a worker after a call,
// or the keeper. Where it is entered the next time, they go on.
//
// Threads outside have `lock_` and `knocks_` in common with those inside. All else that belongs to
// the inside is touched only by who has the role, or inside.
//
// Refused: the workers as an executor's code under test, with announced locks of their own. They
// are the machine here; thread_pool is what is explored, and runs in a call as it is.
#include "core.hpp"

#include <algorithm>
#include <chrono>
#include <new>

#include <quartet/base/assert.hpp>
#include <quartet/base/errors.hpp>
#include <quartet/base/new_error.hpp>

#include "off_world.hpp"
#include "worker.hpp"

namespace quartet::detail::sim {

namespace {
// So long others may be about to wake somebody whose waker cannot be heard.
constexpr unsigned patience = 8;
constexpr duration moment = std::chrono::milliseconds(1);
}  // namespace

/// Threads: belongs to its thread. Lifetime: the scope of a drive.
class core::role {
 public:
  explicit role(core& c) noexcept : core_(c), around_(current_execution()) {
    if (around_ != nullptr) around_->will_block();
    take();
  }
  role(role const&) = delete;
  role& operator=(role const&) = delete;
  ~role() {
    give();
    if (around_ != nullptr) around_->did_block();
  }
  void take() noexcept {
    seam::guard g(core_.role_lock_);
    while (core_.role_taken_) core_.role_free_.wait(core_.role_lock_);
    core_.role_taken_ = true;
  }
  void give() noexcept {
    seam::guard g(core_.role_lock_);
    core_.role_taken_ = false;
    core_.role_free_.notify_all();
  }

 private:
  core& core_;
  execution* const around_;  // null: the thread is no executor's
};

core::core(executor_base& e, simulator_options const& o) : owner_(e), options_(o) {
  world_.open(
      plan::of(o.seed, 1'000), {.seed = o.seed},
      [](void* self) { static_cast<core*>(self)->keep(); }, this);
}

core::~core() { world_.close(); }

void core::start(call& c) noexcept {
  call* item = &c;
  if (c.count != 1) item = new (std::nothrow) call_range(c);
  if (item == nullptr) {
    QUARTET_ASSERT(c.fail != nullptr, "no memory for a call that cannot fail");
    c.fail(c, 0, c.count, ending::failed, new_error<std::bad_alloc>());
    return;
  }
  if (inside()) {
    seam::announce(seam::kind::store, &c, true, seam::release, place::here());
    push(*item);
    muster(options_.workers);
  } else {
    push(*item);
    knock();
  }
}

void core::drive(seam::atomic<bool> const& done, time_point deadline) {
  if (inside()) return wait_inside(done, deadline);
  role const mine(*this);
  if (done.load(seam::acquire)) return;
  switch (go_patiently(done, in_virtual_time(deadline))) {
    case drive_end::done:
      refused_ = refused_ && still_stuck();
      return;
    case drive_end::late:
      return;
    case drive_end::stuck:
      refused_ = true;
      stuck_.clear();
      for (unfinished const& u : blocked())
        if (u.on < 0) stuck_.emplace_back(u.thread, world_.points_of(u.thread));
      throw would_deadlock(stuck_text());
    case drive_end::trouble:
      std::rethrow_exception(std::exchange(trouble_, nullptr));
    case drive_end::over:
      throw simulation_failed(over_text());
  }
}

void core::drive_to_end(seam::atomic<bool> const& done) noexcept {
  if (inside()) return wait_inside(done, never);
  role mine(*this);
  while (!over_ && !done.load(seam::acquire)) {
    std::uint32_t const seen = knocks_.load(seam::acquire);
    drive_end const how = go(&done, never);
    if (how == drive_end::trouble || (how == drive_end::stuck && refused_)) break_down();
    if (how == drive_end::stuck) wait_for_others(mine, seen);
  }
}

void core::end() noexcept {
  QUARTET_ASSERT(!inside(), "an executor was destroyed inside its own task");
  role mine(*this);
  while (!over_ && !all_ended()) {
    std::uint32_t const seen = knocks_.load(seam::acquire);
    drive_end const how = go(nullptr, never);
    if (how == drive_end::trouble || (how == drive_end::stuck && refused_)) break_down();
    if (how == drive_end::stuck) wait_for_others(mine, seen);
  }
  if (!over_) {
    closing_ = true;
    go(nullptr, never);
    QUARTET_ASSERT(timers_.empty(), "a simulator was destroyed while a timer was armed");
  }
  off_world_guard const g(lock_);  // whoever counted the last end has let go of it
}

drive_end core::go(seam::atomic<bool> const* done, time_point until) noexcept {
  if (over_) return drive_end::over;
  asked_ = done;
  asked_until_ = until;
  if (world_.enter(options_.points_max)) return how_;
  over_ = true;
  return drive_end::over;
}

// Others may just be about to wake somebody; only a call of theirs is heard at once.
drive_end core::go_patiently(seam::atomic<bool> const& done, time_point until) noexcept {
  for (unsigned i = 0;; ++i) {
    std::uint32_t const seen = knocks_.load(seam::acquire);
    drive_end const how = go(&done, until);
    if (how != drive_end::stuck || i == patience || !world_.waits_at_word()) return how;
    seam::futex_wait(knocks_, seen, after(moment));
  }
}

void core::wait_for_others(role& mine, std::uint32_t seen) noexcept {
  if (over_) return;
  bool const unheard = world_.waits_at_word();
  mine.give();
  seam::futex_wait(knocks_, seen, unheard ? after(moment) : never);
  mine.take();
}

bool core::all_ended() noexcept {
  off_world_guard const g(lock_);
  return outstanding_ == 0 && ready_.empty();
}

void core::count_in() noexcept {
  off_world_guard const g(lock_);
  ++outstanding_;
}

void core::count_out() noexcept {
  bool const in = inside();
  {
    off_world_guard const g(lock_);
    if (--outstanding_ != 0 || in) return;
    knocks_.fetch_add(1, seam::release);
  }
  seam::futex_wake(knocks_, 1 << 30);  // we may be gone; only the address is used
}

void core::knock() noexcept {
  knocks_.fetch_add(1, seam::release);
  seam::futex_wake(knocks_, 1 << 30);
}

// The deadline is of the caller's clock.
time_point core::in_virtual_time(time_point deadline) noexcept {
  if (deadline == never) return never;
  duration const left = std::max(deadline - clock::now(), duration::zero());
  return left > never - now() ? never : now() + left;
}

bool core::still_stuck() const noexcept {
  return std::ranges::any_of(
      stuck_, [this](auto const& s) { return world_.points_of(s.first) == s.second; });
}

void core::break_down() noexcept {
  over_ = true;
  why_over_ = "the simulator has been given up: " + stuck_text();
}

}  // namespace quartet::detail::sim
