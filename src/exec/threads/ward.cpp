// SPDX-License-Identifier: Apache-2.0
// Looking after one pool. Without memory a look is left out.
#include "ward.hpp"

#include <algorithm>
#include <chrono>

#include "core.hpp"

namespace quartet::detail::pool {

/// With the guard: who is there now. True: calls wait, so that who is stuck keeps them.
bool ward::take_stock() {
  if (pool_ == nullptr) return suspects_.clear(), false;
  pool_->crew.pulses(pulses_);
  std::erase_if(suspects_, [&](suspect const& s) {
    return std::none_of(pulses_.begin(), pulses_.end(), [&](auto const& p) { return s.is(*p); });
  });
  for (auto const& p : pulses_)
    if (std::none_of(suspects_.begin(), suspects_.end(), [&](auto& s) { return s.is(*p); }))
      suspects_.emplace_back(p);
  return pool_->anything_waits();
}

bool ward::look(time_point now, std::vector<stuck_call>& found) noexcept {
  try {
    seam::guard g(guard_);
    bool const others_wait = take_stock();
    g.unlock();
    for (suspect& s : suspects_) {
      if (!others_wait) s.let_be();
      progress const p = others_wait ? s.look(now, patience) : progress::unknown;
      if (p == progress::waits || p == progress::spins) accuse(s, p, now, found);
    }
  } catch (...) {
  }
  return any_works();
}

bool ward::works() noexcept {
  try {
    seam::guard const g(guard_);
    take_stock();
  } catch (...) {  // no memory to tell
  }
  return any_works();
}

bool ward::any_works() const noexcept {
  return !std::all_of(suspects_.begin(), suspects_.end(), [](auto& s) { return s.idle(); });
}

// Described before it is relieved: that may be what it waits for. Anew each time it is found: a
// thread to take its place may have been refused before.
void ward::accuse(suspect const& s, progress p, time_point now, std::vector<stuck_call>& found) {
  stuck_call call = describe(s, p, now);
  seam::guard const g(guard_);
  if (pool_ == nullptr) return;
  bool const was_known = s.signs().stuck.load(seam::relaxed, seam::quiet());
  if (was_known) return;
  call.relieved = pool_->crew.lend_room_of(s.signs(), s.turns());
  if (!call.relieved && s.signs().turns.read() != s.turns()) return;
  found.push_back(std::move(call));
  ++to_be_told_;
}

stuck_call ward::describe(suspect const& s, progress p, time_point now) const {
  stuck_call call;
  call.pool = name_;
  call.spins = p == progress::spins;
  call.since = now - s.since();
  if (!call.spins && s.seen().system_call >= 0)
    call.system_call = os::name_of_system_call(s.seen().system_call);
  call.stack = os::call_stack(s.place());
  call.tasks = task_chain(&os::copy_memory).of(*s.signs().task);
  return call;
}

bool ward::observe(stuck_call const& call, std::string const& text) noexcept {
  return observer_ != nullptr && observer_->on_stuck({name_, call.spins, call.since, text});
}

void ward::told() noexcept {
  seam::guard const g(guard_);
  if (--to_be_told_ == 0) told_.notify_all();
}

void ward::forget() noexcept {
  seam::guard const g(guard_);
  pool_ = nullptr;
  while (to_be_told_ != 0) told_.wait(guard_);
}

}  // namespace quartet::detail::pool
