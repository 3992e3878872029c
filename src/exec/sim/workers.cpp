// SPDX-License-Identifier: Apache-2.0
// The simulated threads that run calls.
//
// A worker is active, waits in its call, or rests. Calls go on to be taken while fewer than
// `workers` are active; one that comes back from a wait makes them more for a while. What they
// share needs no lock, for a strand is left only where an operation is announced, or where it
// waits; between two of those nothing changes. What comes from outside is under `lock_`.
//
// What one passes on to another goes by announced operations on the call itself: a store when it
// is started, a load when it is taken. By these the uses of shared data are ordered, and by no
// queue that all calls would have in common.
#include <algorithm>

#include "core.hpp"
#include "off_world.hpp"
#include "worker.hpp"

namespace quartet::detail::sim {

void core::work(worker& me) noexcept {
  while (!closing_) {
    bool const called_to_help = std::exchange(me.helps, false);
    call* const c = active_ > options_.workers && !called_to_help ? nullptr : take();
    if (c == nullptr) {
      rest(me);
      continue;
    }
    call_range const* const r = call_range::of(*c);
    me.call = (r == nullptr ? *c : r->whole).name;
    run(*c);
    me.call = nullptr;
    look_at_seats();
    if (end_of_drive()) leave(drive_end::done);
  }
  --active_;
}

void core::will_block() noexcept {
  --active_;
  muster(options_.workers);
}

void core::did_block() noexcept { ++active_; }

// Calls workers up for what is ready, as long as fewer than `most` are active. Whether it did.
bool core::muster(unsigned most) noexcept {
  std::size_t wanted = 0;
  {
    off_world_guard const g(lock_);
    wanted = ready_.size();
  }
  bool any = false;
  try {
    for (; wanted != 0 && active_ < most; --wanted, any = true) call_up();
  } catch (...) {  // no memory for a stack: those go on who are there
    trouble_ = std::current_exception();
  }
  return any;
}

void core::call_up() {
  if (resting_.empty()) start_worker();
  worker& w = *resting_.back();
  resting_.pop_back();
  w.rests = false;
  w.helps = active_ >= options_.workers;
  ++active_;
  world_.rouse(&w.word);
}

void core::start_worker() {
  resting_.reserve(workers_.size() + 1);  // so that going to rest cannot fail
  workers_.push_back(std::make_unique<worker>(*this));
  worker& w = *workers_.back();
  try {
    w.thread = world_.start_helper(&worker::live, &w, "worker");
  } catch (...) {
    workers_.pop_back();
    throw;
  }
  resting_.push_back(&w);
}

void core::rest(worker& me) noexcept {
  --active_;
  me.rests = true;
  resting_.push_back(&me);
  while (me.rests) world_.rest(&me.word, never);
}

void core::push(call& c) noexcept {
  off_world_guard const g(lock_);
  ready_.push(c);
}

call* core::take() noexcept {
  call* c = nullptr;
  {
    off_world_guard const g(lock_);
    if (ready_.empty()) return nullptr;
    c = &ready_.take(world_.pick(std::min(ready_.size(), ready_calls::choice)));
  }
  muster(options_.workers);  // others may have been started from outside
  call_range const* const r = call_range::of(*c);
  seam::announce(seam::kind::load, r == nullptr ? c : &r->whole, false, seam::acquire,
                 place::here());
  return c;
}

void core::run(call& c) noexcept {
  if (call_range* const r = call_range::of(c))
    run_chunk(*r);
  else
    c.run(c, 0, 1);
}

void core::run_chunk(call_range& r) noexcept {
  call& whole = r.whole;
  bool const stopped = whole.scope != nullptr && whole.scope->requested();
  std::size_t const first = r.take_chunk(stopped), last = r.taken;
  auto const offer_rest = [&] {
    r.waits = r.may_run();
    if (!r.waits) return;
    push(r);
    muster(options_.workers);
  };
  offer_rest();
  whole.run(whole, first, last);  // with the last chunk the call may be gone
  --r.running;
  if (!r.all_taken()) {
    if (!r.waits) offer_rest();
  } else if (r.running == 0) {
    delete &r;
  }
}

void core::wait_inside(seam::atomic<bool> const& done, time_point deadline) noexcept {
  execution* const here = current_execution();
  if (here != nullptr) here->will_block();
  seat mine{done, static_cast<unsigned>(world_.running())};
  seats_.push_back(&mine);
  while (!done.load(seam::acquire))
    if (world_.rest(&mine.word, deadline) == seam::wake::timed_out) break;
  std::erase(seats_, &mine);
  if (here != nullptr) here->did_block();
}

void core::look_at_seats() noexcept {
  for (seat* const s : seats_)
    if (__atomic_load_n(s->done.address(), __ATOMIC_ACQUIRE)) world_.rouse(&s->word);
}

}  // namespace quartet::detail::sim
