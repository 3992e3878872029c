// SPDX-License-Identifier: Apache-2.0
// The loop of a worker. Rules R1 to R5 are those of sleep_word.hpp.
#include "worker.hpp"

#include <algorithm>
#include <chrono>

#include <quartet/core/detail/after_fork.hpp>
#include <quartet/os/thread_look.hpp>
#include <quartet/seam/thread.hpp>

#include "watchdog.hpp"

namespace quartet::detail::pool {

namespace {
constexpr unsigned fair_every = 64;     // calls between looks at timers, at what waits longest
constexpr unsigned search_rounds = 40;  // at most so many looks at all queues before sleeping
constexpr unsigned search_pauses = 20;  // pauses between two of them
// A search that finds nothing was worth it if work came soon after: about twice a wake-up.
constexpr duration soon = std::chrono::microseconds(50);
constexpr unsigned background_every = 4;  // looks at what waits longest, to one in the background
constexpr std::size_t batch = 16;         // calls taken from the injection queue at once
}  // namespace

worker::worker(core& c)
    : execution(c.owner),
      core_(c),
      signs_(std::make_shared<pulse>(*this)),
      most_patience_(seam::simulated() ? 0 : search_rounds),
      paid_(*this) {
  awake = &c.for_publishers;
  demand = &c.sleep;
  more_urgent = &c.levels.above();
  budget = c.budget;
}

worker* worker::current(core const& c) noexcept {
  execution* const e = current_execution();
  return e != nullptr && e->executor == &c.owner ? static_cast<worker*>(e) : nullptr;
}

void worker::live() noexcept {
  execution_scope here(*this);
  signs_->bottom.store(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)), seam::relaxed,
                       seam::quiet());
  signs_->thread.store(os::own_thread_id(), seam::relaxed, seam::quiet());
  while (slot* const s = core_.crew.wait_for_slot(*this)) {
    hold(s);
    searching_ = true;  // whoever offered the slot has counted us
    be_idle(false);
    serve();
    be_idle(true);
    seam::fence();  // as in lend_room_of
    be_back();
  }
}

void worker::serve() noexcept {
  while (slot_ != nullptr) {
    work_item* const c = next();
    if (c == nullptr) return;  // the slot is given up
    c->run(*c, 0, 1);
    if (is_lone()) [[unlikely]]
      end_lone_worker();
    if (slot_ == nullptr) {
      be_back();
      hold(core_.crew.end_guest());
    }
  }
}

// A task of another executor may run on this thread while it waits, and block in its turn: the
// slot is given away by the outermost wait and taken back by it.
void worker::will_block() noexcept {
  if (waits_++ != 0) return;
  if (lender_ != nullptr && !is_lone()) lender_->will_block();
  slot* const s = slot_;
  blocked_since_ = clock::now();
  hold(nullptr);
  be_idle(true);
  if (!is_lone()) core_.crew.give_away(s, *signs_);
}

void worker::did_block() noexcept {
  if (--waits_ != 0) return;
  if (lender_ != nullptr && !is_lone()) lender_->did_block();
  be_idle(false);  // before it counts as running
  if (!is_lone()) hold(core_.crew.come_back());
  paid_.since += clock::now() - blocked_since_;  // who waits costs nobody anything
}

/// A guest has work for others: where they look is in a slot.
bool worker::find_place() noexcept {
  if (waits_ == 0 && !is_lone()) hold(core_.crew.stop_being_guest());
  return slot_ != nullptr;
}

// What is due is told outside the task: hooks that run now are none of its.
void worker::asked_for_stop() noexcept {
  constexpr unsigned questions = 64;
  if (++asked_ % questions != 0 || is_lone()) return;
  task_context* const asking = std::exchange(task, nullptr);
  look_at_timers();
  task = asking;
}

/// The next call to run; null: the slot is given up.
work_item* worker::next() noexcept {
  if (seam::hooked()) [[unlikely]]
    return seam::rarely([this] { return next_as<place>(); });
  return next_as<seam::quiet>();
}

template <class W> work_item* worker::next_as() noexcept {
  signs_->turns.add();
  be_back<W>();
  if (core_.crew.crowded<W>() && give_up_if_crowded()) return nullptr;
  if (core_.paused.load(seam::relaxed, W::here())) [[unlikely]]
    return find();
  if (signs_->turns.read() % fair_every == 0)
    if (work_item* const c = regular_turn()) return c;
  if (core_.levels.any_above<W>()) [[unlikely]]
    if (work_item* const c = take_above()) return c;
  if (++since_injected_ > fair_every)
    if (work_item* const c = fair_turn()) return c;
  if (!searching_) {
    if (work_item* const c = slot_->ready.pop()) return c;
    if (work_item* const c = take_injected<W>()) return c;
  }
  return find();
}

bool worker::goes_on_with(work_item& w) noexcept {
  if (slot_ == nullptr || is_lone()) [[unlikely]]
    return false;
  if (seam::hooked()) [[unlikely]]
    return seam::rarely([this, &w] { return goes_on_as<place>(w); });
  return goes_on_as<seam::quiet>(w);
}

/// What `next` would come to, unless something stands before it, which is left to `next`. It is no
/// further call since we took from outside: a pack counts as one.
template <class W> bool worker::goes_on_as(work_item& w) noexcept {
  if (signs_->stuck.load(seam::relaxed, W::here()) || core_.crew.crowded<W>()) return false;
  if (core_.paused.load(seam::relaxed, W::here()) || core_.levels.any_above<W>()) return false;
  if ((signs_->turns.read() + 1) % fair_every == 0 || !slot_->ready.pop_if(&w)) return false;
  signs_->turns.add();
  return true;
}

/// Nothing at hand: searches, and sleeps in between.
work_item* worker::find() noexcept {
  if (!searching_) searching_ = core_.sleep.try_search(std::max(1u, core_.workers() / 2));
  for (;;) {
    bool const may_run = searching_ && !core_.paused.load(seam::seq_cst);
    if (work_item* const c = may_run ? search() : nullptr) {
      searching_ = false;
      if (core_.sleep.end_search()) core_.call_after_search();  // R4
      return c;
    }
    if (core_.crew.crowded() && give_up_if_crowded()) return nullptr;
    if (!rest()) return nullptr;
  }
}

work_item* worker::search() noexcept {
  for (unsigned i = 0;; ++i) {
    if (work_item* const c = look_around()) return c;
    if (i == patience_ || core_.crew.crowded() || core_.closing.load(seam::relaxed)) return nullptr;
    for (unsigned k = 0; k != search_pauses && core_.injected.size<seam::quiet>() == 0; ++k)
      seam::pause();
    if (core_.injected.size<seam::quiet>() != 0) core_.sleep.expect_end_of_search();
  }
}

work_item* worker::look_around() noexcept {
  if (work_item* const c = core_.levels.take_above()) return c;
  if (!slot_->ready.seems_empty())  // to be seen without a fence
    if (work_item* const c = slot_->ready.pop()) return c;
  if (work_item* const c = take_injected()) return c;
  if (work_item* const c = steal()) return c;
  return take_background();
}

/// Now and then, however much there is to do: timers, and less often the background.
work_item* worker::regular_turn() noexcept {
  look_at_timers();
  bool const lower_too = signs_->turns.read() / fair_every % background_every == 0;
  return lower_too ? stop_searching_with(take_background()) : nullptr;
}

/// What is more urgent than all at hand; but so many in a row, and others have a turn.
work_item* worker::take_above() noexcept {
  if (++above_in_a_row_ % levels::turns_of_the_lower == 0) {
    if (!searching_ && since_injected_ < fair_every)  // the rest of what was taken comes first
      if (++since_injected_; work_item* const c = slot_->ready.pop()) return c;
    if (work_item* const c = fair_turn()) return c;
  }
  return stop_searching_with(core_.levels.take_above());
}

void worker::be_idle(bool yes) noexcept {
  if (signs_->idle.load(seam::relaxed) != yes)
    core_.awake.fetch_add(yes ? -1u : 1u, seam::seq_cst);  // (3)
  signs_->idle.store(yes, seam::relaxed);
  if (yes) return;
  std::atomic_signal_fence(std::memory_order_seq_cst);  // the watchdog has the heavy one
  watchdog::wake();
}

bool worker::give_up_if_crowded() noexcept {
  if (!core_.crew.step_back(slot_)) return false;
  hold(nullptr);
  if (std::exchange(searching_, false)) core_.sleep.end_search();
  core_.call_for_waiting();  // R5
  return true;
}

/// Sleeps until there may be something to do; searching afterwards. False: the pool closes.
bool worker::rest() noexcept {
  slot_->parks.add();
  signs_->turns.add();
  be_idle(true);
  core_.sleep.lie_down(std::exchange(searching_, false));
  core_.fence_against_keepers(0);  // R2
  be_back();
  resting_ = true;
  time_point const since = clock::now();
  bool const sat = core_.timers.wanted() && core_.timers.try_sit();
  if (sat) {
    core_.timers.wait([this] { return must_rise(); });
  } else {
    auto const key = core_.parked.prepare_wait();
    if (must_rise() || core_.timers.wants_someone())
      core_.parked.cancel_wait();
    else
      core_.parked.commit_wait(key);
  }
  core_.sleep.rise();
  searching_ = true;
  resting_ = false;
  be_idle(false);
  patience_ = clock::now() - since < soon ? most_patience_ : patience_ / 2;
  if (sat) {
    core_.timers.run_due();
    core_.timers.stand_up();
  }
  return !core_.closing.load(seam::acquire);
}

/// R2: a fence has been since we lay down.
bool worker::must_rise() const noexcept {
  if (core_.sleep.called() || core_.closing.load(seam::relaxed)) return true;
  return core_.anything_waits() && !core_.paused.load(seam::seq_cst);
}

/// A share of what waits outside: the oldest to run now, the next ones into the deque, oldest on
/// top. They are published anew: a thief may have looked here before and there after.
template <class W> work_item* worker::take_injected() noexcept {
  call* taken[batch];
  // Where calls can be raised they stay where they are found.
  std::size_t const room = core_.has_levels.load(seam::relaxed, W::here()) ? 1 : batch;
  std::size_t const n = core_.injected.take<W>({taken, room}, core_.workers());
  since_injected_ = 0;
  if (n == 0) return nullptr;
  for (std::size_t i = n; --i != 0;)
    if (!keep(*taken[i])) core_.injected.push(*taken[i]);
  if (n > 1) core_.call_one<W>();
  return taken[0];
}

work_item* worker::steal() noexcept {
  unsigned const n = core_.crew.known();
  for (unsigned k = 0; k != n; ++k) {
    unsigned const i = (slot_->victim + k) % n;
    slot& victim = core_.crew.at(i);
    if (&victim == slot_) continue;
    for (;;) {
      auto const got = victim.ready.steal();
      if (got) {
        slot_->steals.add();
        slot_->victim = i;
        return got.item;
      }
      if (got.status == lockfree::steal_status::empty) break;
    }
  }
  slot_->failed_steals.add();
  slot_->victim = static_cast<unsigned>(slot_->random.write().below(std::max(1u, n)));
  return nullptr;
}

void worker::look_at_timers() noexcept {
  if (!core_.timers.wanted() || !core_.timers.try_sit()) return;
  core_.timers.run_due();
  core_.timers.stand_up();
  core_.call_for_timers();  // somebody may have lain down because we sat here
}

/// So many calls of its own in a row: now what has waited longest, so that nothing starves behind
/// newer ones, nor in the background. Never in the middle of a batch from outside, whose order it
/// would break.
work_item* worker::fair_turn() noexcept {
  since_injected_ = 0;
  call* outside = nullptr;
  work_item* oldest = nullptr;
  if (++fair_turns_ % background_every == 0) oldest = take_background();
  if (oldest == nullptr)
    oldest = core_.injected.take({&outside, 1}, 1) != 0 ? outside : slot_->ready.steal().item;
  return stop_searching_with(oldest != nullptr ? oldest : take_background());
}

work_item* worker::take_background() noexcept {
  paid_turn const t = core_.levels.take_background();
  if (t.of == nullptr || t.paid == duration::zero()) return t.of;
  paid_.turn = t;
  return &paid_;
}

void worker::run_paid() noexcept {
  paid_turn const turn = std::exchange(paid_.turn, {});
  paid_.since = clock::now();
  turn.of->run(*turn.of, 0, 1);
  if (!is_lone()) core_.levels.book(turn, clock::now() - paid_.since);
}

/// searching → running, if there is something to run.
work_item* worker::stop_searching_with(work_item* found) noexcept {
  if (found != nullptr && std::exchange(searching_, false))
    if (core_.sleep.end_search()) core_.call_after_search();  // R4
  return found;
}

}  // namespace quartet::detail::pool
