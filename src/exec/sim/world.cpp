// SPDX-License-Identifier: Apache-2.0
// Whose turn it is.
//
// A strand is ready, parked or ended; one of the ready ones runs, or none while `run` is outside.
// The running one alone changes anything here, so there is nothing to lock. It leaves itself: by
// `at` and `yield_thread` (still ready), by `park` (until somebody wakes it or its deadline comes),
// by its end. Whoever leaves enters the next one itself, without a way through `outside_`, which
// goes on only at the end of the run. A strand that stands before the lock of a mutex that another
// holds is parked at the mutex when a decision is taken (locks.cpp), so that who is ready then can
// indeed go on.
//
// A run that cannot end leaves its strands where they stand: to unwind them would run code that
// the run never had. Refused: a thread for each, handing over a token, costs a futex each switch.
#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>

#include <quartet/base/assert.hpp>
#include <quartet/exec/sim/detail/world.hpp>

#include "steps.hpp"

namespace quartet::detail::sim {

namespace {

// No switch here: nobody else's next step depends on it, or the operation parks by itself.
bool decides(seam::kind k, bool gang_start) noexcept {
  switch (k) {
    case seam::kind::thread_start:
      return !gang_start;
    case seam::kind::unlock:
    case seam::kind::clock:
    case seam::kind::entropy:
    case seam::kind::thread_yield:
      return false;
    default:
      return true;
  }
}

// For std::push_heap: the earliest on top, of equal ones the thread that was started first.
constexpr auto later = [](auto const& a, auto const& b) {
  return a.when != b.when ? a.when > b.when : a.who->number > b.who->number;
};

}  // namespace

char const* name(verdict v) noexcept {
  static constexpr char const* names[] = {"ended",
                                          "a check failed",
                                          "a broken invariant",
                                          "an exception",
                                          "data race",
                                          "deadlock",
                                          "a thread left behind",
                                          "data left behind",
                                          "stall",
                                          "a run without an end",
                                          "a call that the simulator does not control"};
  return names[static_cast<unsigned>(v)];
}

world::world() = default;
world::~world() = default;

outline const& world::run(strategy& s, run_settings const& how, void (*body)(void*),
                          void* argument) {
  seam::machine_scope const here(*this);
  outside_.refresh();
  begin_run(s, how);
  time_point const began = now_;
  strand& first = make_strand(body, argument, "main");
  running_ = &first;
  first.flow->enter_from(outside_);
  running_ = nullptr;
  end_run(began);
  return outline_;
}

void world::begin_run(strategy& s, run_settings const& how) {
  strategy_ = &s;
  how_ = how;
  bits_ = random_stream(mix64(how.seed ^ 0x62697473U));
  now_ = time_point(std::chrono::hours(1));
  count_ = 0;
  alive_ = 0;
  ready_.clear();
  contended_.clear();
  deadlines_.clear();
  objects_.clear();
  shadows_.clear();
  tasks_parked_ = 0;
  watched_something_ = false;
  urgent_ = nullptr;
  keeper_ = nullptr;
  outline_.reset();
  s.begin(how.seed);
  listens_ = s.listens() || how.record != nullptr;
  rare_ = listens_ || how.without != nullptr || how.may.slow_percent != 0;
  find_usual();
  even_ = how.stop_at == 0 ? s.draws_evenly() : nullptr;  // the stop goes on before all others
  if (even_ != nullptr) drawn_ = even_->next();
}

void world::end_run(time_point began) {
  for (unsigned i = 0; i != objects_.size(); ++i)
    outline_.class_hash += mix64(objects_[i].written + objects_[i].looked);
  outline_.time = now_ - began;
  watched_.clear();  // those of strands that are left where they stand, too
  if (alive_ != 0 || !tasks_.empty()) {
    outline_.left = standing();
    tasks_.clear();
  }
  if (how_.leaves_nothing && outline_.how == verdict::ended && outline_.data > 0)
    outline_.how = verdict::remains;
  for (unfinished const& u : outline_.left) {
    if (u.on >= 0) continue;
    strand& s = strands_[u.thread];
    s.flow->abandon();
    s.flow.reset();
  }
}

std::vector<unfinished> world::standing() const {
  std::vector<unfinished> all;
  for (unsigned i = 0; i != count_; ++i) {
    strand const& s = strands_[i];
    if (s.ended) continue;
    bool const waits = s.parked_on != nullptr;
    object const* const on = s.blocks ? &objects_[s.blocked_on] : s.parked_on;
    int const holder = waits ? holder_of(on->id) : -1;
    bool const for_lock = s.last.what == seam::kind::lock || holder >= 0;
    all.push_back({s.number,
                   s.name,
                   s.last,
                   s.step,
                   waits ? on->id : s.last_object,
                   waits,
                   for_lock,
                   holder,
                   {}});
    for (held_lock const& l : s.holds) all.back().holds.push_back({l.object, l.where, l.step});
  }
  add_suspended(all);
  return all;
}

strand& world::make_strand(void (*body)(void*), void* argument, char const* name) {
  strand*& place = count_ == 0 ? first_ : newest_->after;
  if (place == nullptr) {
    ready_.make_room(count_ + 1);  // so that nobody who becomes ready needs memory
    deadlines_.reserve(2 * count_ + 2);
    place = &strands_.emplace_back(*this, count_);
  }
  strand& s = *place;
  s.context = {this, nullptr, nullptr};
  if (s.flow == nullptr)
    s.flow = std::make_unique<fiber>(&live, &s, &s.context);
  else
    s.flow->restart(&live, &s, &s.context);
  s.body = body;
  s.argument = argument;
  if (std::strcmp(s.name.c_str(), name) != 0) s.name = name;  // mostly as in the run before
  s.ended = false;
  s.parked_on = nullptr;
  s.deadline = never;
  s.last = {seam::kind::thread_start, &s, true, seam::seq_cst, {}};
  s.self = &objects_.add(&s);
  s.last_object = s.self->id;
  s.points = 0;
  s.recent = s.self;
  s.looks = 0;
  s.left_out = false;
  s.let_in.clear();
  s.blocks = false;
  s.waits_for.reset();
  s.wants = false;
  if (running_ != nullptr)
    s.clock.take(running_->clock);
  else
    s.clock.clear();
  s.clock.advance(count_);
  s.acquired.clear();
  s.released.clear();
  s.holds.clear();
  s.holds_at = {};
  newest_ = &s;
  ++count_;
  if (count_ > vector_clock::near_threads) usual_ = uses_quickly_ = false;
  ++alive_;
  ready_.add(s);
  return s;
}

void world::live(void* p) noexcept {
  auto& s = *static_cast<strand*>(p);
  try {
    if (s.of.strategy_->takes_part(s.number)) s.body(s.argument);
  } catch (std::exception const& e) {
    s.of.outline_.what = e.what();
    s.of.end_by(verdict::exception);
  } catch (...) {
    s.of.outline_.what = "of a type that is no std::exception";
    s.of.end_by(verdict::exception);
  }
  s.of.end_strand();
}

void world::at(seam::operation const& o) noexcept {
  if (running_ == nullptr) return;
  strand& me = *running_;
  object& x = named(me, o.object);
  if (o.what == seam::kind::block) {
    me.blocks = true;
    me.blocked_on = x.id;
    return;
  }
  after_step();
  // Field by field, as the caller has just written them: a load across two of them would wait for
  // both, and so compilers must not make one of two.
  auto order = o.order;
  auto line = o.where.line;
  asm("" : "+r"(order), "+r"(line));
  comes_to(me, x, o.what, o.writes, order, o.object, o.where.file, line, o.where.function);
  if (rare_) [[unlikely]]
    prepare_rare(me, o);
  if (outline_.points > how_.points_max) [[unlikely]]
    end_by(verdict::endless);
  if (o.what == seam::kind::lock && !me.left_out)
    before_lock(me, x);
  else if (decides(o.what, how_.gang_start))
    go_on(me.looks < looks_max);
  happens(me, x, o);
  if (rare_ && how_.without != nullptr) [[unlikely]]
    set_word(x, o);
}

// Usual: nothing is done for an operation beyond what each run is for, nobody outside takes part,
// and all clocks are near.
void world::find_usual() noexcept {
  uses_quickly_ = !how_.uses_decide && count_ <= vector_clock::near_threads;
  usual_ = uses_quickly_ && !rare_ && !how_.open && watched_.empty();
}

void world::prepare_rare(strand& me, seam::operation const& o) noexcept {
  if (listens_) me.step = steps_recorded();
  me.left_out = how_.without != nullptr && how_.without->is(o);
  if (how_.may.slow_percent != 0) linger();
}

void world::yield_thread() noexcept {
  if (running_ != nullptr) go_on(false);
}

// With or without the running one among those from whom is chosen; without others it goes on.
void world::go_on(bool with_me) noexcept {
  strand& me = *running_;
  ++me.points;
  if (!contended_.empty()) settle();
  std::size_t const n = ready_.size();
  if (n == 1) return;
  ready_.stands_before(me, me.last_object);
  if (!with_me) ready_.to_end(me);
  strand& next = with_me ? chosen(n, me.slot) : chosen(n - 1, n - 1);
  if (&next != &me) switch_to(next);
}

// Of the first so many that are ready.
strand& world::chosen(std::size_t among, std::size_t running) noexcept {
  if (even_ != nullptr) return drawn(among);
  if (urgent_ != nullptr && urgent_->parked_on == nullptr && urgent_->slot < among) [[unlikely]]
    return *urgent_;
  strand const& me = *running_;
  bool const yields = among != ready_.size();
  turn const t{ready_.first(among), running, me.number, me.points, yields};
  return ready_[strategy_->choose(t)];
}

seam::wake world::park(object& on, time_point deadline) noexcept {
  QUARTET_ASSERT(running_ != nullptr, "an invariant must not wait for another thread");
  strand& me = *running_;
  me.parked_on = &on;
  me.deadline = deadline;
  ++me.parks;
  on.waiting.push_back(&me);
  if (deadline != never) {
    deadlines_.push_back({deadline, &me, me.parks});
    std::ranges::push_heap(deadlines_, later);
  }
  ready_.remove(me);
  ++me.points;
  strand* const next = next_or_end();
  if (next == nullptr)
    outside_.enter_from(*me.flow);
  else if (next != &me)
    switch_to(*next);
  return me.how;
}

// Of those who can go on, after as much time as it takes. Null: nobody ever can, the run is over.
strand* world::next_or_end() noexcept {
  if (!contended_.empty()) settle();
  if (alive_ == 0) return nullptr;
  if (ready_.empty() && !call_keeper(called::idle) && !pass_time() && !call_keeper(called::stuck)) {
    outline_.how = strands_[0].ended ? verdict::leak : verdict::deadlock;
    return nullptr;
  }
  if (outline_.how != verdict::ended) return nullptr;  // a stall
  return ready_.size() == 1 ? &ready_[0] : &chosen(ready_.size(), ready_.size());
}

// To the next deadline. False: there is none.
bool world::pass_time() noexcept {
  time_may_pass_ = false;
  time_point const before = now_;
  while (!deadlines_.empty()) {
    deadline_entry const e = deadlines_.front();
    bool const stale = e.who->parked_on == nullptr || e.parks != e.who->parks;
    if (!stale && !ready_.empty() && e.when > now_) break;
    std::ranges::pop_heap(deadlines_, later);
    deadlines_.pop_back();
    if (stale) continue;
    now_ = std::max(now_, e.when);
    if (e.who->blocks && now_ - before >= how_.stall_min && outline_.how == verdict::ended) {
      outline_.how = verdict::stall;
      outline_.thread = e.who->number;
      outline_.where = e.who->last.where;
    }
    std::erase(e.who->parked_on->waiting, e.who);
    unpark(*e.who, seam::wake::timed_out);
  }
  return !ready_.empty();
}

void world::unpark(strand& s, seam::wake how) noexcept {
  s.parked_on = nullptr;
  s.how = how;
  ready_.add(s);
}

void world::end_strand() noexcept {
  after_step();
  strand& me = *running_;
  me.ended = true;
  if (urgent_ == &me) urgent_ = nullptr;
  --alive_;
  std::vector<strand*>& joining = me.self->waiting;
  for (strand* const s : joining) unpark(*s, seam::wake::woken);
  joining.clear();
  ready_.remove(me);
  ++me.points;
  strand* const next = next_or_end();
  if (next == nullptr) outside_.enter_after(*me.flow);
  ++outline_.switches;
  running_ = next;
  next->flow->enter_after(*me.flow);
}

void world::escaped(stray_call const& call) noexcept {
  outline_.stray = call;
  end_by(verdict::escape);
}

bool world::overflows(void const* address) const noexcept {
  return running_ != nullptr && running_->flow->guards(address);
}

void world::end_by(verdict v) noexcept {
  settle();
  outline_.how = v;
  outline_.thread = running_->number;
  if (v != verdict::check && v != verdict::invariant) outline_.where = running_->last.where;
  outside_.enter_after(*running_->flow);
}

}  // namespace quartet::detail::sim
