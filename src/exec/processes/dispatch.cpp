// SPDX-License-Identifier: Apache-2.0
// What goes out: which item to which worker, and how many in advance.
//
// A worker gets so many items that it has work for about `ahead`, by what the function took until
// now: microsecond items get deep windows, long ones one at a time. A guess that turns out wrong is
// mended by `rebalance`: items behind one that takes long go back to the queue as soon as another
// worker could have them.
#include <algorithm>

#include "supervisor.hpp"

namespace quartet::detail::processes {

namespace {
constexpr std::chrono::nanoseconds ahead = std::chrono::microseconds(500);
constexpr std::chrono::nanoseconds patience = std::chrono::milliseconds(2);  // see rebalance
constexpr double short_item_ns = 20'000;  // below: replies are looked for, not rung for
}  // namespace

void supervisor::enqueue(job& j, bool in_front) noexcept {
  if (j.linked()) return;
  j.level = j.wanted_level();
  if (in_front)
    queue_of(j).push_front(j);
  else
    queue_of(j).push_back(j);
}

// Lowest level first: what moves up stands behind all that is there, and moves once.
void supervisor::follow_raises() noexcept {
  for (job_queue& q : queues_) {
    job_queue all;
    all.splice_back(q);
    while (job* const j = all.pop_front()) enqueue(*j, false);
  }
}

job* supervisor::first_waiting() noexcept {
  for (std::size_t level = queues_.size(); level > 0; --level)
    if (job_queue& q = queues_[level - 1]; !q.empty()) return &q.front();
  return nullptr;
}

std::size_t supervisor::depth(job const& j) const noexcept {
  if (j.of.chunk != 0) return std::min(2 * j.of.chunk, slot_count);
  if (j.function.run_ns < 0) return 1;
  double const items = static_cast<double>(ahead.count()) / (j.function.run_ns + 100);
  return std::clamp<std::size_t>(static_cast<std::size_t>(items), 1, slot_count);
}

// An idle worker, else a new one, else the one with least to do if that is little enough.
worker* supervisor::choose(job const& j, bool may_start_workers) noexcept {
  worker* best = nullptr;
  for (worker& w : workers_)
    if (w.usable() && (best == nullptr || w.channel().used() < best->channel().used())) best = &w;
  if (best != nullptr && best->channel().used() == 0) return best;
  if (workers_.size() < limit_) {
    if (!may_start_workers) return nullptr;
    if (worker* const made = start_worker()) return made;
  }
  return best != nullptr && best->channel().used() < depth(j) ? best : nullptr;
}

void supervisor::dispatch(bool may_start_workers) noexcept {
  bool given = false;
  while (job* const j = first_waiting()) {
    if (j->of.workers != 0 && j->out >= j->of.workers) {
      queue_of(*j).remove(*j);  // until an item comes back
      continue;
    }
    worker* const w = choose(*j, may_start_workers);
    if (w == nullptr || !give_from(*j, *w)) break;
    given = true;
  }
  if (given) tell_spin();
  if (start_error_ != nullptr && workers_.empty()) give_up(std::exchange(start_error_, nullptr));
}

// Gives `w` some items of `j`, woken once for all. False: it had no room for any.
bool supervisor::give_from(job& j, worker& w) noexcept {
  std::size_t const most = j.of.chunk != 0 ? j.of.chunk : std::max<std::size_t>(depth(j) / 4, 1);
  std::size_t const share = (j.of.count - j.next) / limit_ + 1;
  std::size_t left = std::min(most, j.of.chunk != 0 ? most : share);
  bool any = false;
  for (; left > 0 && j.waits(); --left) {
    if (j.of.workers != 0 && j.out >= j.of.workers) break;
    std::size_t const i = j.take();
    try {
      if (w.give(j, i) == worker::given::no_room) {
        j.again.push_back(i);
        break;
      }
      ++j.out;
      any = true;
    } catch (...) {
      bool const last = j.unsettled == 1;
      settle_failed(j, i, i + 1, ending::failed, std::current_exception());
      if (last) return true;  // `j` is gone
      any = true;
    }
  }
  w.channel().wake();
  if (any && j.of.timeout != duration::zero())  // it cannot have passed before
    next_look_ = std::min(next_look_, after(j.of.timeout));
  if (!j.waits() && j.linked()) queue_of(j).remove(j);
  return any;
}

// Workers may spin only if there are processors for all who work and for us.
void supervisor::tell_spin() noexcept {
  std::size_t busy = 0;
  for (worker& w : workers_) busy += w.channel().used() != 0 ? 1 : 0;
  for (worker& w : workers_) w.channel().may_spin(busy + 1 < processors_);
}

// Takes items back from behind one that takes long if another worker could run them now. While
// that may become so, we look again after `patience`.
void supervisor::rebalance() noexcept {
  if (first_waiting() != nullptr) return;  // whoever is free finds work in the queue
  bool const room = workers_.size() < limit_ ||
                    std::any_of(workers_.begin(), workers_.end(),
                                [](worker& w) { return w.usable() && w.channel().used() == 0; });
  if (!room) return;
  time_point const now = clock::now();
  bool taken = false;
  for (worker& w : workers_) {
    channel& c = w.channel();
    if (c.used() < 2 || w.at(c.end() - 1).of == nullptr) continue;
    slot& head = c.at(c.first());
    std::int64_t const since = head.started.load(seam::relaxed);
    if (head.state.load(seam::acquire) == claimed &&
        now - time_point(duration(since)) >= patience) {
      w.take_back(1, [&](job* j, std::size_t i) { came_back(*j, i); });
      taken = true;
    } else {
      next_look_ = std::min(next_look_, now + patience);
    }
  }
  if (taken) dispatch(true);
}

// How long to let replies gather; zero: have every worker ring for each.
duration supervisor::nap() const noexcept {
  double shortest = 0;
  for (worker const& each : workers_) {
    worker& w = const_cast<worker&>(each);
    channel& c = w.channel();
    if (c.used() < 8) {
      if (c.used() != 0 && w.usable()) return duration::zero();
      continue;
    }
    job const* const j = w.at(c.end() - 1).of;
    if (j == nullptr || j->function.run_ns < 0 || j->function.run_ns > short_item_ns)
      return duration::zero();
    double const busy = j->function.run_ns * static_cast<double>(c.used()) / 2;
    shortest = shortest == 0 ? busy : std::min(shortest, busy);
  }
  return duration(static_cast<std::int64_t>(std::min(shortest, 200'000.0)));
}

}  // namespace quartet::detail::processes
