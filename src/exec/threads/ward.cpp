// SPDX-License-Identifier: Apache-2.0
// Looking after one pool. Without memory a look is left out.
#include "ward.hpp"

#include <algorithm>
#include <chrono>

#include <quartet/os/cpu_quota.hpp>

#include "core.hpp"

namespace quartet::detail::pool {

namespace {
constexpr duration between_measures = std::chrono::seconds(1);
constexpr duration longest_farewell = std::chrono::seconds(10);  // a loaded machine may need it
}  // namespace

/// With the guard: who is there now. True: calls wait, so that who is stuck keeps them.
bool ward::take_stock() {
  if (pool_ == nullptr) return suspects_.clear(), false;
  pool_->crew.pulses(pulses_);
  bool const same = std::equal(suspects_.begin(), suspects_.end(), pulses_.begin(), pulses_.end(),
                               [](suspect const& s, auto const& p) { return s.is(*p); });
  if (!same) take_in();
  return pool_->anything_waits();
}

/// Threads that came, and without those that went, in the order in which they are found.
void ward::take_in() {
  std::vector<suspect> now;
  now.reserve(pulses_.size());
  for (auto const& p : pulses_) {
    auto const known = std::find_if(suspects_.begin(), suspects_.end(),
                                    [&](suspect const& s) { return s.is(*p); });
    now.push_back(known == suspects_.end() ? suspect(p) : *known);
  }
  suspects_.swap(now);
}

bool ward::look(time_point now, std::vector<stuck_call>& found) noexcept {
  try {
    seam::guard g(guard_);
    bool const others_wait = take_stock() && patience != duration::zero();
    g.unlock();
    if (follows_ && now - measured_ >= between_measures) measure(now);
    bool may_sample = true;  // one a round: it takes long
    for (suspect& s : suspects_) {
      if (!others_wait) s.let_be();
      progress const p = others_wait ? s.look(now, patience, may_sample) : progress::unknown;
      if (p == progress::waits || p == progress::spins) accuse(s, p, now, found);
    }
  } catch (...) {
  }
  return any_works();
}

void ward::measure(time_point now) {
  measured_ = now;
  unsigned const n = os::available_cpus();
  seam::guard const g(guard_);
  if (pool_ != nullptr) pool_->resize(std::min(n, pool_->most_workers));
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
  crew::loan const room = pool_->crew.lend_room_of(s.signs(), s.turns());
  if (room == crew::loan::none) return;
  call.relieved = room == crew::loan::given;
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
  {
    seam::guard const g(guard_);
    if (observer_ == nullptr) return false;
    observing_ = true;
  }
  bool const enough = observer_->on_stuck({name_, call.spins, call.since, text});
  seam::guard const g(guard_);
  observing_ = false;
  told_.notify_all();
  return enough;
}

void ward::told() noexcept {
  seam::guard const g(guard_);
  --to_be_told_;
  told_.notify_all();
}

// The reporter may have to wait for a lock that the calling thread holds, that of the loader.
void ward::forget() noexcept {
  time_point const end = after(longest_farewell);
  seam::guard const g(guard_);
  pool_ = nullptr;
  while (to_be_told_ != 0 && told_.wait(guard_, end) != seam::wake::timed_out) {
  }
  while (observing_) told_.wait(guard_);
  observer_ = nullptr;
}

}  // namespace quartet::detail::pool
