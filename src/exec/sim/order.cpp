// SPDX-License-Identifier: Apache-2.0
// What an operation means: who holds what, and what has happened before what.
//
// Happens-before by the rules of C++20. Each thread has a clock of what it knows; a release leaves
// the clock at the object, an acquire takes what lies there. A relaxed write leaves what the last
// fence of its thread released; a relaxed read collects for the next fence. A read-modify-write
// adds to what lies there (it continues the release sequence), a plain store replaces it. Futexes,
// descriptors and notifications order nothing by themselves.
#include <algorithm>
#include <execinfo.h>
#include <utility>

#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/mutex.hpp>

#include "steps.hpp"

namespace quartet::detail::sim {

namespace {

bool acquires(std::memory_order o) noexcept { return o != seam::relaxed && o != seam::release; }
bool releases(std::memory_order o) noexcept {
  return o == seam::release || o == seam::acq_rel || o == seam::seq_cst;
}

}  // namespace

// Those that most programs do most, without the registers that the others need.
void world::takes_effect(strand& me, object& x, seam::operation const& o) noexcept {
  if (o.what == seam::kind::lock && !me.left_out) return locked(me, x, o.where);
  if (o.what == seam::kind::unlock && me.let_in.empty()) return unlocked(me, x);
  orders(me, x, o);
}

void world::orders(strand& me, object& x, seam::operation const& o) noexcept {
  std::memory_order const order = me.left_out ? seam::relaxed : o.order;
  switch (o.what) {
    case seam::kind::load:
      return acquire(me, x, order);
    case seam::kind::store:
      return release(me, x, order, false);
    case seam::kind::exchange:
    case seam::kind::fetch_modify:
      acquire(me, x, order);
      return release(me, x, order, true);
    case seam::kind::fence:
      if (me.left_out) return;
      me.clock.join(me.acquired);
      me.released.take(me.clock);
      return me.clock.advance(me.number);
    case seam::kind::lock:  // left out
      return me.let_in.push_back(x.id);
    case seam::kind::unlock:  // perhaps of such a one
      if (std::erase(me.let_in, x.id) == 0) unlocked(me, x);
      return;
    default:
      return;
  }
}

// Goes on with what it means, so that nothing follows the call.
void world::tell(strand& me, object& x, seam::operation const& o) noexcept {
  if (strategy_->listens()) strategy_->happens(me.number, x.id, o);
  if (how_.record != nullptr) {
    step s{me.number, x.id, o, {}};
    if (how_.record_calls) backtrace(const_cast<void**>(s.calls.data()), step::depth);
    how_.record->push(s);
  }
  takes_effect(me, x, o);
}

std::size_t world::steps_recorded() const noexcept {
  return how_.record == nullptr ? 0 : how_.record->count();
}

void world::done(seam::operation const& o, bool took) noexcept {
  if (running_ == nullptr) return;
  strand& me = *running_;
  object& x = named(me, o.object);
  if (o.what == seam::kind::try_lock) {
    if (took) locked(me, x, o.where);
    return;
  }
  std::memory_order const order = me.left_out ? seam::relaxed : o.order;
  acquire(me, x, order);
  if (took) release(me, x, order, true);
}

// Where a lock is left out, the word of a mutex may say anything. Who holds it is known here.
void world::set_word(object const& x, seam::operation const& o) noexcept {
  bool const tries = o.what == seam::kind::try_lock;
  if (!tries && o.what != seam::kind::lock && o.what != seam::kind::unlock) return;
  bool const taken = o.what == seam::kind::unlock || (tries && x.holder != nullptr);
  __atomic_store_n(static_cast<std::uint32_t*>(const_cast<void*>(o.object)),
                   taken ? seam::mutex::told : seam::mutex::free, __ATOMIC_RELAXED);
}

void world::acquire(strand& me, object& x, std::memory_order o) noexcept {
  (acquires(o) ? me.clock : me.acquired).join(x.released);
}

void world::release(strand& me, object& x, std::memory_order o, bool goes_on) noexcept {
  bool const all = releases(o);
  vector_clock const& known = all ? me.clock : me.released;
  if (goes_on)
    x.released.join(known);
  else
    x.released.take(known);
  if (all) me.clock.advance(me.number);
}

void world::initialised(void const* guard) noexcept {
  strand& me = *running_;
  for (unsigned i = 0; i != count_; ++i) {
    strand& s = strands_[i];
    if (s.ended) continue;
    s.clock.join(me.clock);
    if (s.parked_on == nullptr || s.parked_on->address != guard) continue;
    std::erase(s.parked_on->waiting, &s);
    unpark(s, seam::wake::woken);
  }
  me.clock.advance(me.number);
}

// Two uses race if one of them writes, and neither has happened before the other. The common one is
// a write that follows a write, of threads whose clocks are near, under at most one lock.
void world::use(seam::data_use const& u) noexcept {
  shadow* const s = shadows_.find(u.object);
  if (running_ == nullptr || !uses_quickly_ || s == nullptr) [[unlikely]]
    return use_in_full(u);
  strand& me = *running_;
  if (u.what != seam::use_kind::write || !s->reads.empty() ||
      !me.clock.covers_near(s->write.thread, s->write.when) || !shadows_.holds_quickly(me))
    return use_in_full(u);
  past_use& mine = s->write;
  mine.thread = me.number;
  mine.when = me.clock.near(me.number);
  mine.code = u.code;
  mine.writes = true;
  mine.holds = me.holds_at;
}

void world::use_in_full(seam::data_use const& u) noexcept {
  if (running_ == nullptr) return;
  strand& me = *running_;
  if (how_.uses_decide) {
    after_step();
    go_on(true);
  }
  shadow& s = shadows_.at(u.object);
  bool const writes = u.what != seam::use_kind::read;
  if (u.what == seam::use_kind::begin) {
    s.reset();  // what lay here before is gone
    ++outline_.data;
  } else if (u.what == seam::use_kind::end) {
    --outline_.data;
  }
  if (!me.clock.covers(s.write.thread, s.write.when)) end_by_race(me, s.write, u);
  if (writes && !s.reads.empty()) {
    for (past_use const& r : s.reads)
      if (!me.clock.covers(r.thread, r.when)) end_by_race(me, r, u);
    s.reads.clear();
  }
  past_use& mine = writes ? s.write : s.read_by(me.number);
  mine = {me.number, me.clock[me.number], u.code, writes, shadows_.holds(me)};
}

void world::end_by_race(strand& me, past_use const& before, seam::data_use const& u) noexcept {
  auto const side = [&](unsigned thread, bool writes, void const* code, lock_set holds) {
    racing_use r{thread, strands_[thread].name, writes, code, {}};
    for (held_lock const& l : shadows_.locks(holds)) r.holds.push_back({l.object, l.where, l.step});
    return r;
  };
  outline_.first = side(before.thread, before.writes, before.code, before.holds);
  outline_.second = side(me.number, u.what != seam::use_kind::read, u.code, shadows_.holds(me));
  end_by(verdict::race);
}

void world::failed(char const* what, place where) noexcept {
  if (running_ == nullptr) return;
  outline_.what = what;
  outline_.where = where;
  end_by(verdict::check);
}

void world::reached(char const* what, bool here, place where) noexcept {
  auto const same = [&](goal const& g) {
    return g.where.line == where.line && g.where.file == where.file;
  };
  auto const known = std::ranges::find_if(goals_, same);
  if (known == goals_.end())
    goals_.push_back({what, where, here});
  else
    known->reached = known->reached || here;
}

}  // namespace quartet::detail::sim
