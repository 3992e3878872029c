// SPDX-License-Identifier: Apache-2.0
// Depth-first search with sleep sets.
//
// The decisions of a run are a stack. The next run repeats all but the last that has an option
// left, and takes that one. A stretch is what one thread does from a decision to the next; two of
// them that touch nothing in common can change places. A thread whose stretch was explored sleeps
// while its siblings are, until something happens that its stretch depends on: what comes after it
// before that has been seen. Where all sleep, or the only one that can go on does, the run is
// redundant.
//
// Why a stretch may sleep on what it touched when it ran from an earlier state: nothing on the way
// was dependent with it, so it would do the same again. This asks of independent stretches that
// neither enables or disables the other, and that both orders lead to one state:
// - Locks do: who stands before a lock can go on if it is free, wherever it was parked.
// - Yields do not: the one who yields is passed over until somebody has moved, so a stretch that
//   ends in a yield depends on every other one.
// - Time passes only when nobody can go on. A sleeper could, so none is left when it passes.
// - Waiters of one futex may queue in any order: who is woken is a branch over all of them. A
//   stretch with branches sleeps when all are explored, with what any of them touched.
// - A join that finds its thread running parks, and changes nothing for anybody else; in a state
//   without it the same can happen. So joins touch nothing, nor do ends.
// - A failure ends the run. What another thread would have done is then seen in its own stretch.
//
// A stretch that touches nothing (a thread's way to its first operation, or from a wait to the next
// one) commutes with all others in all futures, so its siblings need not be tried at all: the rule
// of singleton persistent sets. Not if it failed; and not once some thread has yielded: then that
// somebody moved is something that others can tell.
//
// Refused: to end redundant runs where they are found. Whatever lives on their stacks would be
// lost, descriptors among it, and the stacks themselves; running on by chance costs no more.
//
// Source: P. Godefroid, Partial-Order Methods for the Verification of Concurrent Systems (1996).
// Source: M. Musuvathi, S. Qadeer, Iterative Context Bounding for Systematic Testing (PLDI 2007).
#include <algorithm>

#include <quartet/exec/sim/detail/exhaustive.hpp>

namespace quartet::detail::sim {

namespace {

// These look again when they are woken, without a word.
bool waits_for_descriptors(seam::kind k) noexcept {
  return k == seam::kind::poll || k == seam::kind::process_wait;
}

// Of who can go on, and before which object each stands.
std::uint64_t digest(std::span<candidate const> all) noexcept {
  std::uint64_t h = 0;
  for (candidate const& c : all)
    h = (h ^ std::uint64_t{c.thread} << 32U ^ c.object) * 0x9E3779B97F4A7C15U + 1;
  return h;
}

}  // namespace

char const* name(coverage c) noexcept {
  static constexpr char const* names[] = {"complete", "complete up to a bound", "incomplete",
                                          "not repeatable"};
  return names[static_cast<unsigned>(c)];
}

exhaustive::exhaustive(exploration const& how)
    : how_(how), reduces_(how.sleep_sets && how.preemptions_max == exploration::unbounded) {}

void exhaustive::begin(std::uint64_t seed) {
  depth_ = 0;
  known_ = 0;
  lost_ = false;
  redundant_ = false;
  chance_ = random_stream(mix64(seed));
  ++runs_;
  if (nodes_.empty()) push({.what = kind::only});
  now_ = depth_++;
}

std::size_t exhaustive::choose(turn const& t) {
  arrive(t.last);
  if (lost_) return chance_.below(t.all.size());
  node& n = nodes_[now_];
  n.went_on = true;
  if (t.yields) {
    yields_ = true;
    n.touches.let_others();
  }
  return repeats() ? repeated(t) : branch(t);
}

std::size_t exhaustive::pick(unsigned thread, std::size_t n) {
  arrive(thread);
  if (lost_) return 0;
  if (!repeats()) push({.what = kind::pick, .to = n});
  node const& p = nodes_[depth_++];
  if (p.what == kind::pick && p.to == n) return p.at;
  diverge();
  return 0;
}

void exhaustive::happens(unsigned thread, unsigned object, seam::operation const& o) {
  arrive(thread);
  known_ = std::max(known_, object + 1);
  if (!lost_ && now_ >= first_new_) nodes_[now_].touches.add(object, o, nodes_[now_].known);
}

// Where `thread` goes on and nothing was decided, it was the only one that could. All sleepers
// could, too, so either it is one, or there is none left.
void exhaustive::arrive(unsigned thread) {
  if (lost_ || nodes_[now_].thread == thread) return;
  node& before = nodes_[now_];
  before.went_on = true;
  if (repeats()) {
    node const& n = nodes_[depth_];
    if (n.what != kind::only || n.thread != thread) return diverge();
  } else {
    for (std::size_t i = before.sleep_from; i != before.sleep_to; ++i)
      if (sleepers_[i].thread == thread && !dependent(sleepers_[i].touches, before.touches))
        return end_as_redundant();
    push({.what = kind::only,
          .thread = thread,
          .known = known_,
          .preemptions = preemptions_with(before)});
  }
  now_ = depth_++;
}

std::size_t exhaustive::repeated(turn const& t) {
  node const& n = nodes_[depth_];
  if (n.what != kind::turn || n.of != digest(t.all)) return diverge(), 0;
  now_ = depth_++;
  return options_[n.at].index;
}

std::size_t exhaustive::branch(turn const& t) {
  node const& before = nodes_[now_];
  for (candidate const& c : t.all) known_ = std::max(known_, c.object + 1);
  node n{.stays = t.running != t.all.size(),
         .known = known_,
         .preemptions = preemptions_with(before),
         .of = digest(t.all),
         .at = options_.size(),
         .from = options_.size(),
         .sleep_from = sleepers_.size()};
  for (std::size_t i = before.sleep_from; i != before.sleep_to; ++i)
    if (!dependent(sleepers_[i].touches, before.touches)) sleepers_.push_back(sleepers_[i]);
  if (n.stays) add_option(t, t.running, n.sleep_from);
  bool const may_preempt = !n.stays || n.preemptions < how_.preemptions_max;
  for (std::size_t i = 0; may_preempt && i != t.all.size(); ++i)
    if (i != t.running) add_option(t, i, n.sleep_from);
  cut_ = cut_ || (!may_preempt && t.all.size() > 1);
  n.to = options_.size();
  if (n.to == n.from) {
    sleepers_.resize(n.sleep_from);
    end_as_redundant();
    return chance_.below(t.all.size());
  }
  take(n);
  push(n);
  now_ = depth_++;
  return options_[n.at].index;
}

void exhaustive::add_option(turn const& t, std::size_t i, std::size_t sleep_from) {
  candidate const& c = t.all[i];
  for (std::size_t s = sleep_from; s != sleepers_.size(); ++s)
    if (sleepers_[s].thread == c.thread) return;
  options_.push_back({static_cast<unsigned>(i), c.thread, waits_for_descriptors(c.next->what)});
}

void exhaustive::take(node& n) noexcept {
  option const& o = options_[n.at];
  n.thread = o.thread;
  n.went_on = false;
  n.touches = {};
  if (o.waits_for_descriptors) n.touches.add_descriptors();
}

void exhaustive::push(node n) {
  if (n.what != kind::turn) n.sleep_from = sleepers_.size();
  n.sleep_to = sleepers_.size();
  n.options_end = options_.size();
  nodes_.push_back(n);
}

bool exhaustive::next() {
  if (!lost_ && repeats()) diverge();  // shorter than the one before
  if (covered_ == coverage::diverged) return false;
  while (!nodes_.empty() && !advance(nodes_.back())) nodes_.pop_back();
  if (nodes_.empty()) {
    covered_ = cut_ ? coverage::bounded : coverage::complete;
    return false;
  }
  first_new_ = nodes_.size() - 1;
  while (nodes_[first_new_].what == kind::pick) --first_new_;
  return runs_ < how_.runs_max;
}

// To the next option. False: there is none that has to be tried.
bool exhaustive::advance(node& n) {
  sleepers_.resize(n.sleep_to);
  options_.resize(n.options_end);
  if (++n.at >= n.to) return false;
  if (n.what == kind::pick) return true;
  if (reduces_) {
    if (n.touches.empty() && n.went_on && !yields_) return false;
    sleepers_.push_back({n.thread, n.touches});
    ++n.sleep_to;
  }
  take(n);
  return true;
}

void exhaustive::end_as_redundant() noexcept {
  lost_ = true;
  redundant_ = true;
  ++redundant_runs_;
}

void exhaustive::diverge() noexcept {
  lost_ = true;
  covered_ = coverage::diverged;
}

unsigned exhaustive::preemptions_with(node const& n) const noexcept {
  return n.preemptions + (n.what == kind::turn && n.stays && n.at != n.from ? 1 : 0);
}

}  // namespace quartet::detail::sim
