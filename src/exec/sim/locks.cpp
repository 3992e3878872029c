// SPDX-License-Identifier: Apache-2.0
// Locks of the seam: who holds one, and who stands before it.
//
// Who stands ready before a free lock counts in `wanted`. When another takes it they cannot go on
// any more, but that matters only to who decides next: so it is that one who parks them (`settle`),
// at every lock that is taken and wanted (`contended_`). Most locks are given back before the next
// decision, and nobody was parked. Invariant: `contended_` is empty when a strand is entered, since
// that follows a decision; within a strand all in it are held, by strands that are running or were
// when they last decided.
//
// Refused: to park at once, which is a walk through all who are ready for each lock that is taken.
#include <algorithm>
#include <utility>

#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/mutex.hpp>

#include "steps.hpp"

namespace quartet::detail::sim {

// The two operations of a lock are the most frequent ones. In a usual run (`find_usual`) they are
// `at`, without what such a run does not ask for, and the word is written here: nothing else runs
// between this and the caller's look at it, so it takes no atomic operation. Invariant: in such a
// run the word is `told` if the mutex has a holder, and `free` if not. Should it be something else
// (it was locked before the run), the machine's own way is gone.
//
// Each way has only tail calls, for what is rare: so it saves no registers. What comes after a
// switch finds what it needs in `last`.

void world::lock_mutex(mutex_word& w, char const* file, unsigned line,
                       char const* function) noexcept {
  if (running_ == nullptr || !usual_) [[unlikely]]
    return machine::lock_mutex(w, file, line, function);
  strand& me = *running_;
  object& x = *me.recent;
  if (x.address != &w) [[unlikely]]
    return name_and_lock(w, file, line, function);
  comes_to(me, x, seam::kind::lock, true, seam::acquire, &w, file, line, function);
  if (outline_.points > how_.points_max) [[unlikely]]
    end_by(verdict::endless);
  if (even_ == nullptr || x.holder != nullptr || me.looks >= looks_max || !contended_.empty())
    return ask_and_take(me, x);
  // What `before_lock` comes to with a lock that is free and a strategy that draws.
  ++me.points;
  if (std::size_t const n = ready_.size(); n != 1) {
    strand& next = drawn(n);
    if (&next != &me) return switch_and_take(me, x, next);
  }
  me.clock.join_near(x.released);
  take(me, x);
}

void world::name_and_lock(mutex_word& w, char const* file, unsigned line,
                          char const* function) noexcept {
  running_->recent = &objects_.at(&w);
  lock_mutex(w, file, line, function);
}

void world::ask_and_take(strand& me, object& x) noexcept {
  before_lock(me, x);
  me.clock.join(x.released);  // others may have started threads that are not near
  take(me, x);
}

void world::switch_and_take(strand& me, object& x, strand& next) noexcept {
  me.wants = true;
  ++x.wanted;
  switch_to(next);
  me.wants = false;
  --x.wanted;
  me.clock.join(x.released);  // see above
  take(me, x);
}

inline world::mutex_word& world::word_of(strand const& me) noexcept {
  return *static_cast<mutex_word*>(const_cast<void*>(me.last.object));
}

// `locked` but for the clock, in a run that is usual, or was when the operation began.
inline void world::take(strand& me, object& x) noexcept {
  stir(me, x, seam::kind::lock, true, me.last.where.line);
  x.holder = &me;
  me.holds_at = {};
  mutex_word& w = word_of(me);
  if (me.holds.full() || contended_.full() || w.load(seam::relaxed) != seam::mutex::free)
      [[unlikely]]
    return take_in_full(me, x);
  if (x.wanted != 0) contended_.push_back_quickly(&x);
  me.holds.push_back_quickly({x.id, true, me.last.where, 0});
  w.store(seam::mutex::told, seam::relaxed);
}

void world::take_in_full(strand& me, object& x) noexcept {
  mutex_word& w = word_of(me);
  me.holds.push_back({x.id, true, me.last.where, 0});
  if (x.wanted != 0) contended_.push_back(&x);
  if (w.load(seam::relaxed) == seam::mutex::free)
    w.store(seam::mutex::told, seam::relaxed);
  else
    lock_word(w);
}

void world::unlock_mutex(mutex_word& w, char const* file, unsigned line,
                         char const* function) noexcept {
  if (running_ == nullptr || !usual_) [[unlikely]]
    return machine::unlock_mutex(w, file, line, function);
  strand& me = *running_;
  object& x = *me.recent;
  if (x.address != &w) [[unlikely]]
    return name_and_unlock(w, file, line, function);
  comes_to(me, x, seam::kind::unlock, true, seam::release, &w, file, line, function);
  if (outline_.points > how_.points_max) [[unlikely]]
    end_by(verdict::endless);
  stir(me, x, seam::kind::unlock, true, line);
  x.released.take_near(me.clock);
  me.clock.advance_near(me.number);
  if (x.holder != &me || me.holds.empty() || me.holds.back().object != x.id || !x.waiting.empty() ||
      w.load(seam::relaxed) != seam::mutex::told) [[unlikely]]
    return give_back_in_full(me, x);
  if (!contended_.empty()) {
    if (contended_.back() != &x) [[unlikely]]
      return give_back_in_full(me, x);
    contended_.pop_back();
  }
  x.holder = nullptr;
  me.holds.pop_back();
  me.holds_at = {};
  w.store(seam::mutex::free, seam::relaxed);
}

void world::name_and_unlock(mutex_word& w, char const* file, unsigned line,
                            char const* function) noexcept {
  running_->recent = &objects_.at(&w);
  unlock_mutex(w, file, line, function);
}

void world::give_back_in_full(strand& me, object& x) noexcept {
  mutex_word& w = word_of(me);
  gives_back(me, x);
  if (w.load(seam::relaxed) == seam::mutex::told)
    w.store(seam::mutex::free, seam::relaxed);
  else
    unlock_word(w);
}

// Whoever stands here and is ready counts as wanting the lock: it is parked when another takes it.
void world::before_lock(strand& me, object& x) noexcept {
  if (x.holder != nullptr) {
    park(x, never);
  } else {
    me.wants = true;
    ++x.wanted;
    go_on(me.looks < looks_max);
  }
  me.wants = false;
  --x.wanted;
}

void world::locked(strand& me, object& x, place const& where) noexcept {
  x.holder = &me;
  me.clock.join(x.released);
  me.holds.push_back({x.id, true, where, steps_recorded()});
  me.holds_at = {};
  if (x.wanted != 0) contended_.push_back(&x);
}

void world::unlocked(strand& me, object& x) noexcept {
  x.released.take(me.clock);
  me.clock.advance(me.number);
  gives_back(me, x);
}

void world::gives_back(strand& me, object& x) noexcept {
  strand& holder = x.holder == nullptr ? me : *std::exchange(x.holder, nullptr);  // perhaps not me
  holder.holds_at = {};
  if (!holder.holds.empty() && holder.holds.back().object == x.id)
    holder.holds.pop_back();
  else
    holder.holds.erase_if([&](held_lock const& h) { return h.object == x.id; });
  if (!contended_.empty()) contended_.erase_if([&](object const* other) { return other == &x; });
  if (!x.waiting.empty()) let_rivals(x);
}

// Those who stand before the locks cannot go on any more.
void world::settle() noexcept {
  for (object* const x : contended_) stop_rivals(*x);
  contended_.clear();
}

void world::stop_rivals(object& x) noexcept {
  for (std::size_t i = ready_.size(); x.wanted != 0; --i) {
    strand& s = ready_[i - 1];
    if (!s.wants || s.last_object != x.id) continue;
    s.wants = false;
    --x.wanted;
    s.parked_on = &x;
    x.waiting.push_back(&s);
    ready_.remove(s);
  }
}

void world::let_rivals(object& x) noexcept {
  for (strand* const s : x.waiting) {
    s->wants = true;
    ++x.wanted;
    unpark(*s, seam::wake::woken);
  }
  x.waiting.clear();
}

}  // namespace quartet::detail::sim
