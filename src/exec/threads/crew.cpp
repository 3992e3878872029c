// SPDX-License-Identifier: Apache-2.0
// Handing slots from thread to thread.
#include "crew.hpp"

#include <algorithm>
#include <chrono>

#include <quartet/base/assert.hpp>
#include <quartet/core/detail/after_fork.hpp>
#include <quartet/seam/clock.hpp>

#include "core.hpp"
#include "worker.hpp"

namespace quartet::detail::pool {

struct crew::member {
  explicit member(core& c) : body(c) {}
  worker body;
  seam::thread thread;  // last: joined before the body goes
};

namespace {
constexpr duration spare_patience = std::chrono::seconds(1);
}

crew::crew(core& c, unsigned size)
    : core_(c),
      most_stuck_(seam::simulated() ? 1 : 64),
      slots_(std::make_unique<watched<std::unique_ptr<slot>>[]>(c.most_workers + most_stuck_)),
      target_(size) {
  vacant_.write().reserve(c.most_workers + most_stuck_);
  offered_.write().reserve(c.most_workers + most_stuck_);
}

crew::~crew() {
  QUARTET_ASSERT(stuck_ == 0 && guests_ == 0, "every thread has given back what it had");
}

void crew::settle() noexcept {
  crowded_.store(room() < 0, seam::relaxed);
  vacancy_.store(guests_ != 0 && held_ < core_.workers() + stuck_, seam::relaxed);
}

slot* crew::take_vacant() {
  if (!vacant_->empty()) {
    slot* const s = vacant_.write().back();
    vacant_.write().pop_back();
    return s;
  }
  unsigned const i = known_.load(seam::relaxed);
  slots_[i] = std::make_unique<slot>(i);
  known_.store(i + 1, seam::release);  // (1)
  return slots_[i].read().get();
}

slot* crew::try_take_vacant() noexcept {
  try {
    return take_vacant();
  } catch (...) {
    return nullptr;
  }
}

void crew::start_thread() {
  members_.write().reserve(members_->size() + 1);
  gone_.write().reserve(members_->size() + 1 + gone_->size());  // going home must not fail
  auto m = std::make_unique<member>(core_);
  worker& body = m->body;
  m->thread = seam::thread([&body] { body.live(); }, core_.name.c_str());
  members_.write().push_back(std::move(m));
  ++coming_;
}

std::exception_ptr crew::staff() noexcept {
  std::vector<std::unique_ptr<member>> gone;  // joined when we return, without the guard
  std::exception_ptr failure;
  bool first = false;
  {
    seam::guard g(guard_);
    if (closing_ || room() <= 0) return failure;
    first = !std::exchange(begun_.write(), true);
    gone.swap(gone_.write());
    slot* s = nullptr;
    try {
      s = take_vacant();
      offered_.write().push_back(s);
      if (offered_->size() > waiting_ + coming_) start_thread();
      ++held_;
      core_.sleep.rise();  // on behalf of the one who comes
      offer_.notify_one();
    } catch (...) {
      if (s != nullptr) {
        offered_.write().pop_back();
        vacant_.write().push_back(s);
      }
      if (held_ + guests_ > 0) {  // others work: go on with fewer
        stuck_ != 0 ? stop_lending() : void(--target_);
        core_.sleep.rise_to_run();
      } else {
        core_.sleep.uncall();
        if (members_->empty()) failure = std::current_exception();
      }
    }
  }
  if (first) core_.be_watched();
  return failure;
}

void crew::resize(unsigned n) noexcept {
  {
    seam::guard g(guard_);
    int const before = std::max(0, room());
    target_ = n;  // also those that could not be started before
    int const now = std::max(0, room());
    settle();
    for (int i = before; i < now; ++i) core_.sleep.lie_down(false);
    for (int i = now; i < before; ++i) core_.sleep.rise_to_run();
  }
  core_.call_for_waiting();
}

void crew::staff_all() {
  if (!core_.process.is_here()) std::rethrow_exception(left_in_parent());
  for (unsigned i = 0; i != core_.workers(); ++i)
    if (std::exception_ptr const e = staff()) std::rethrow_exception(e);
}

slot* crew::wait_for_slot(worker& w) noexcept {
  seam::guard g(guard_);
  if (w.fresh()) --coming_;
  time_point const end = after(spare_patience);
  ++waiting_;
  bool patient = true;
  while (offered_->empty() && !closing_ && patient)
    patient = offer_.wait(guard_, end) != seam::wake::timed_out;
  --waiting_;
  if (!offered_->empty()) {
    slot* const s = offered_.write().back();
    offered_.write().pop_back();
    return s;
  }
  if (closing_) return nullptr;
  auto& all = members_.write();
  auto const me =
      std::find_if(all.begin(), all.end(), [&](auto const& m) { return &m->body == &w; });
  gone_.write().push_back(std::move(*me));
  all.erase(me);
  return nullptr;
}

void crew::give_away(slot* s, pulse& p) noexcept {
  {
    seam::guard g(guard_);
    bool const was_stuck = forgive(p);
    if (s != nullptr) {
      vacant_.write().push_back(s);
      --held_;
    } else {
      --guests_;
    }
    settle();
    if (room() <= 0 || was_stuck) return;  // its room is lent already
    core_.sleep.lie_down(false);
  }
  core_.call_for_waiting();
}

slot* crew::come_back() noexcept {
  seam::guard g(guard_);
  bool const room_there = room() > 0;
  slot* const s = room_there ? try_take_vacant() : nullptr;
  ++(s != nullptr ? held_ : guests_);
  settle();
  if (!room_there) return nullptr;
  bool const was_called = core_.sleep.rise_to_run();
  g.unlock();
  if (was_called) core_.call_for_waiting();
  return s;
}

slot* crew::stop_being_guest() noexcept {
  if (!vacancy_.load(seam::relaxed)) {
    core_.call_one();  // one who sleeps on a slot sees how crowded it is, and steps back
    return nullptr;
  }
  seam::guard g(guard_);
  slot* const s = held_ < core_.workers() + stuck_ ? try_take_vacant() : nullptr;
  if (s == nullptr) return nullptr;
  --guests_;
  ++held_;
  settle();
  return s;
}

slot* crew::end_guest() noexcept {
  seam::guard g(guard_);
  --guests_;
  bool const room_there = room() > 0;
  slot* const s = room_there ? try_take_vacant() : nullptr;
  if (s != nullptr) ++held_;
  settle();
  if (!room_there || s != nullptr) return s;
  core_.sleep.lie_down(false);  // no memory for a slot: the room stays open
  g.unlock();
  core_.call_for_waiting();
  return nullptr;
}

bool crew::step_back(slot* s) noexcept {
  seam::guard g(guard_);
  if (room() >= 0) return false;
  vacant_.write().push_back(s);
  --held_;
  settle();
  return true;
}

/// With the guard. It is not stuck any more, if it was.
bool crew::forgive(pulse& p) noexcept {
  if (!p.stuck.load(seam::relaxed)) return false;
  p.stuck.store(false, seam::relaxed);
  --stuck_;
  return true;
}

/// With the guard. There is no thread for the room of one that is stuck; the watchdog may try
/// again.
void crew::stop_lending() noexcept {
  no_thread_ = true;
  for (auto const& m : members_.read())
    if (forgive(*m->body.signs())) return;
}

// The fence is paired with that of a worker that lies down (R2): idle first, then a look at
// `stuck`. So one of the two sees that nobody is kept from anything.
crew::loan crew::lend_room_of(pulse& p, std::uint64_t turns) noexcept {
  {
    seam::guard g(guard_);
    if (closing_ || p.stuck.load(seam::relaxed)) return loan::none;
    if (stuck_ == most_stuck_) return loan::refused;
    p.stuck.store(true, seam::relaxed);
    seam::fence();
    if (p.idle.load(seam::relaxed) || p.turns.read() != turns) {
      p.stuck.store(false, seam::relaxed);
      return loan::none;
    }
    ++stuck_;
    no_thread_ = false;
    settle();
    if (room() <= 0) return loan::given;
    core_.sleep.lie_down(false);
  }
  core_.call_for_waiting();
  seam::guard const g(guard_);
  return no_thread_ ? loan::refused : loan::given;
}

void crew::is_back(pulse& p) noexcept {
  seam::guard g(guard_);
  if (!forgive(p)) return;
  settle();
  if (room() < 0) return;  // crowded: somebody steps back
  bool const was_called = core_.sleep.rise_to_run();
  g.unlock();
  if (was_called) core_.call_for_waiting();
}

void crew::pulses(std::vector<std::shared_ptr<pulse>>& all) {
  all.clear();
  seam::guard g(guard_);
  for (auto const& m : members_.read()) all.push_back(m->body.signs());
}

void crew::join() noexcept {
  std::vector<std::unique_ptr<member>> all;
  std::vector<std::unique_ptr<member>> gone;
  {
    seam::guard g(guard_);
    closing_ = true;
    offer_.notify_all();
    all.swap(members_.write());
    gone.swap(gone_.write());
  }
  core_.wake_all();
}

}  // namespace quartet::detail::pool
