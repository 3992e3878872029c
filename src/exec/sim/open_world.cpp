// SPDX-License-Identifier: Apache-2.0
// A run that is left and entered again: what an executor needs, which is driven now and then.
//
// `leave` switches to `outside_` and remembers who left; `enter` goes on there. Between the two
// all strands stand where they are. What they and the threads outside share must not be in the
// middle of a change then that those could wait for: whoever holds a lock goes on, alone, until it
// holds none. That needs no look on the way of each operation: meanwhile another strategy decides.
//
// The keeper is called when nobody else can go on: before time passes, for it may have work for
// them, and instead of ending the run, for those outside may.
//
// Threads outside wake by the kernel, which tells us nothing; but before they do they change the
// word. So the words are looked at before it is said that nobody can go on.
#include <algorithm>

#include <quartet/exec/sim/detail/world.hpp>

#include "steps.hpp"

namespace quartet::detail::sim {

/// Lets those go on who hold a lock, and then the one who leaves.
class world::calm final : public strategy {
 public:
  calm(world const& w, unsigned leaver) noexcept : world_(w), leaver_(leaver) {}
  void begin(std::uint64_t) override {}
  std::size_t choose(turn const& t) override {
    if (t.running != t.all.size() && holds_lock(world_.strands_[t.last])) return t.running;
    auto const at = std::ranges::find(t.all, leaver_, &candidate::thread);
    return static_cast<std::size_t>(at - t.all.begin());
  }
  std::size_t pick(unsigned, std::size_t) override { return 0; }

  static bool holds_lock(strand const& s) noexcept {
    return std::ranges::any_of(s.holds, &held_lock::brief);
  }

 private:
  world const& world_;
  unsigned const leaver_;
};

void world::open(plan const& p, run_settings const& how, void (*body)(void*), void* argument) {
  begin_run(strategies_.of(p), how);
  how_.open = true;
  find_usual();
  how_.gang_start = p.gang_start;
  opened_ = now_;
  entered_ = &make_strand(body, argument, "keeper");
}

bool world::enter(std::uint64_t points_max) {
  seam::machine_scope const here(*this);
  outside_.refresh();
  left_ = false;
  how_.points_max = outline_.points + points_max;
  running_ = entered_;
  wake_pollers();
  running_->flow->enter_from(outside_);
  running_ = nullptr;
  return left_;
}

void world::leave() noexcept {
  settle();
  strand& me = *running_;
  calm until_left(*this, me.number);
  strategy* const mine = std::exchange(strategy_, &until_left);
  random_stream* const even = std::exchange(even_, nullptr);
  auto const holds = [&](candidate const& c) { return c.who != &me && calm::holds_lock(*c.who); };
  for (;;) {
    auto const ready = ready_.first(ready_.size());
    auto const one = std::ranges::find_if(ready, holds);
    if (one == ready.end()) break;
    switch_to(*one->who);
  }
  strategy_ = mine;
  even_ = even;
  entered_ = &me;
  left_ = true;
  outside_.enter_from(*me.flow);
}

called world::keep(std::uint32_t const* word, time_point deadline, bool time_may_pass) noexcept {
  if (deadline <= now_) return called::woken;
  keeper_ = running_;
  keeper_called_ = called::woken;
  time_may_pass_ = time_may_pass;
  park(objects_.at(word), deadline);
  keeper_ = nullptr;
  return keeper_called_;
}

bool world::call_keeper(called why) noexcept {
  if (keeper_ == nullptr || (why == called::idle && time_may_pass_)) return false;
  strand& k = *std::exchange(keeper_, nullptr);
  keeper_called_ = why;
  std::erase(k.parked_on->waiting, &k);
  unpark(k, seam::wake::changed);
  return true;
}

seam::thread_handle* world::start_helper(void (*body)(void*), void* argument, char const* name) {
  struct nobody_runs {
    strand*& running;
    strand* const me = std::exchange(running, nullptr);
    ~nobody_runs() { running = me; }
  } const meanwhile{running_};
  return start_thread(body, argument, name);
}

seam::wake world::rest(std::uint32_t const* word, time_point deadline) noexcept {
  if (deadline <= now_) return seam::wake::timed_out;
  seam::wake const how = park(objects_.at(word), deadline);
  running_->blocks = false;
  return how;
}

void world::rouse(std::uint32_t const* word) noexcept {
  std::vector<strand*>& waiting = objects_.at(word).waiting;
  for (strand* const s : waiting) unpark(*s, seam::wake::woken);
  waiting.clear();
}

bool world::waits_at_word() const noexcept {
  return std::any_of(strands_.begin(), strands_.begin() + count_,
                     [](strand const& s) { return !s.ended && s.waits_for; });
}

bool world::look_at_words() noexcept {
  bool any = false;
  for (unsigned i = 0; i != count_; ++i) {
    strand& s = strands_[i];
    if (s.ended || s.parked_on == nullptr || !s.waits_for) continue;
    auto const* const word = static_cast<std::uint32_t const*>(s.parked_on->address);
    if (__atomic_load_n(word, __ATOMIC_SEQ_CST) == *s.waits_for) continue;
    std::erase(s.parked_on->waiting, &s);
    unpark(s, seam::wake::changed);
    any = true;
  }
  return any;
}

outline world::close() {
  end_run(opened_);
  return std::move(outline_);
}

}  // namespace quartet::detail::sim
