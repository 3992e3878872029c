// SPDX-License-Identifier: Apache-2.0
// Tasks that wait, and locks of higher kinds: what is needed to name both.
//
// A task carries its locks from thread to thread. Those of one that is on no thread lie with it.
#include <algorithm>
#include <utility>

#include <quartet/exec/sim/detail/world.hpp>

namespace quartet::detail::sim {

void world::task(seam::task_note const& n) noexcept {
  if (running_ == nullptr) return;
  strand& me = *running_;
  switch (n.what) {
    case seam::kind::own: {
      object& x = objects_.at(n.object);
      x.holder = &me;
      me.holds.push_back({x.id, false, n.where, steps_recorded(), n.task});
      me.holds_at = {};
      return;
    }
    case seam::kind::disown:
      return disowned(objects_.at(n.object));
    case seam::kind::suspend:
      return suspended(me, n);
    case seam::kind::awake:
      if (auto const at = tasks_.find(n.task); at != tasks_.end()) at->second.awake = true;
      return;
    default:
      return resumed(me, n.task);
  }
}

// By whoever: a lock may be given back by another one than took it.
void world::disowned(object& x) noexcept {
  auto const is_this = [&](held_lock const& l) { return l.object == x.id; };
  if (strand* const holder = std::exchange(x.holder, nullptr)) {
    holder->holds.erase_if(is_this);
    holder->holds_at = {};
    return;
  }
  for (auto& [identity, t] : tasks_) std::erase_if(t.holds, is_this);
}

void world::suspended(strand& me, seam::task_note const& n) noexcept {
  unsigned const waits_at = objects_.at(n.object == nullptr ? n.task : n.object).id;
  parked_task& t = tasks_[n.task];
  t = {n.name == nullptr ? "a task" : n.name,
       waits_at,
       me.number,
       steps_recorded(),
       me.last,
       tasks_parked_++};
  auto const stays = [&](held_lock const& l) { return l.task != n.task; };
  auto const first = std::stable_partition(me.holds.begin(), me.holds.end(), stays);
  t.holds.assign(first, me.holds.end());
  me.holds.cut(first);
  me.holds_at = {};
  for (held_lock const& l : t.holds) objects_[l.object].holder = nullptr;
}

void world::resumed(strand& me, void const* task) noexcept {
  auto const at = tasks_.find(task);
  if (at == tasks_.end()) return;  // it begins
  for (held_lock const& l : at->second.holds) {
    objects_[l.object].holder = &me;
    me.holds.push_back(l);
  }
  me.holds_at = {};
  tasks_.erase(at);
}

// As numbered in `standing`; -1: nobody.
int world::holder_of(unsigned object) const noexcept {
  if (strand const* const s = objects_[object].holder) return static_cast<int>(s->number);
  for (auto const& [identity, t] : tasks_)
    if (std::ranges::find(t.holds, object, &held_lock::object) != t.holds.end()) {
      auto const earlier = [&](auto const& other) { return other.second.nth < t.nth; };
      return static_cast<int>(count_ + std::ranges::count_if(tasks_, earlier));
    }
  return -1;
}

// In the order in which they left their threads: their identities are addresses.
void world::add_suspended(std::vector<unfinished>& to) const {
  std::vector<parked_task const*> all;
  for (auto const& [identity, t] : tasks_) all.push_back(&t);
  std::ranges::sort(all, {}, &parked_task::nth);
  for (unsigned i = 0; i != all.size(); ++i) {
    parked_task const& t = *all[i];
    int const holder = holder_of(t.object);
    to.push_back({count_ + i,
                  t.name,
                  t.last,
                  t.step,
                  t.object,
                  !t.awake,
                  holder >= 0,
                  holder,
                  {},
                  static_cast<int>(t.thread)});
    for (held_lock const& l : t.holds) to.back().holds.push_back({l.object, l.where, l.step});
  }
}

}  // namespace quartet::detail::sim
