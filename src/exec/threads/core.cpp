// SPDX-License-Identifier: Apache-2.0
// The way of a call into the pool, and waking somebody for it.
#include "core.hpp"

#include <quartet/base/assert.hpp>
#include <quartet/core/detail/after_fork.hpp>

#include "range_part.hpp"
#include "second_place.hpp"
#include "watchdog.hpp"
#include "worker.hpp"

namespace quartet::detail::pool {

namespace {
constinit lockfree::sleep_word const always_calling(1);
}

core::core(executor_base& e, pool_options const& o, std::optional<unsigned> most)
    : owner(e),
      most_workers(most.value_or(o.workers)),
      follows_machine(most.has_value()),
      budget(o.budget),
      sleep(o.workers),
      for_publishers(seam::simulated() || !seam::heavy_fence_reaches_all() ? always_calling
                                                                           : sleep),
      timers(*this),
      name(o.name.empty() ? "quartet pool" : o.name),
      crew(*this, o.workers),
      workers_(o.workers),
      patience_(o.patience),
      observer_(o.counters) {}

void core::start(call& c) noexcept {
  if (!process.is_here()) [[unlikely]]
    return refuse(c);
  if (seam::hooked()) [[unlikely]]
    return seam::rarely([this, c = &c] { start_as<place>(*c); });
  start_as<seam::quiet>(c);
}

template <class W> void core::start_as(call& c) noexcept {
  worker* const here = worker::current(*this);
  // Read now: once it is published, the call may end and be gone.
  bool const visiting = here == nullptr && c.why != call::turn::fresh;
  bool const local = here != nullptr && c.why != call::turn::yielded;
  priority const level = c.level;
  call* const item = c.count == 1 ? &c : whole_range(*this, c);
  if (item == nullptr) return;  // no memory: it has failed
  if (visiting) visitors_.fetch_add(1, seam::relaxed, W::here());
  if (level != priority::normal) [[unlikely]]
    levels_matter(), levels.push(*item, level);
  else if (local && here->keep(*item))
    return here->resting() ? void() : kept();
  else
    injected.push<W>(*item);
  if (here == nullptr || !here->resting()) call_one<W>();
  if (visiting) visitors_.fetch_sub(1, seam::release, W::here());  // (1)
}

void core::refuse(call& c) noexcept {
  if (c.fail == nullptr) end_lone_worker();
  c.fail(c, 0, c.count, ending::failed, left_in_parent());
}

// What waits in the queue or in a deque is normal.
void core::raise(call& c, priority to) noexcept {
  if (!process.is_here()) return;
  levels_matter();
  call* item = take_queued(c, to);
  if (item == nullptr && to > priority::normal) item = second_place(c, to);
  if (item == nullptr) return;
  for (; item != nullptr; item = c.count == 1 ? nullptr : take_queued(c, to))
    push_at_level(*item, to);
  call_one();
}

/// What stands for `c`, or for a part of its items, where calls of a level below `to` wait.
call* core::take_queued(call& c, priority to) noexcept {
  auto const meant = [&c](call const& queued) { return stands_for(queued, c); };
  call* const item = levels.remove_first(to, c.account, meant);
  return item != nullptr || to <= priority::normal ? item : injected.remove_first(meant);
}

bool core::anything_waits() const noexcept {
  if (injected.size() != 0 || levels.size() != 0 || timers.wants_someone()) return true;
  for (unsigned i = crew.known(); i-- != 0;)
    if (!crew.at(i).ready.seems_empty()) return true;
  return false;
}

void core::call_for_waiting() noexcept {
  if (sleep.any_idle()) call_if_needed();
}

// Who publishes otherwise than into a deque has a fence of his own. So while nobody else is awake
// ours need not reach others: whoever becomes awake later has seen the step that came before ours.
void core::fence_against_keepers(unsigned self) noexcept {
  seam::fence();
  if (awake.load(seam::acquire) > self) seam::heavy_fence();  // (4)
}

void core::call_after_search() noexcept {
  if (!sleep.any_idle()) return;
  fence_against_keepers(1);
  if (anything_waits()) call_one();
}

void core::call_if_needed() noexcept {
  seam::heavy_fence();
  if (anything_waits()) call_one();
}

void core::call_for_timers() noexcept {
  seam::fence();
  if (anything_waits()) call_one();
}

// As R4: whoever saw the pause lies down, and looks again after the fence.
void core::resume() noexcept {
  paused.store(false, seam::seq_cst);
  call_if_needed();
}

pool_counters core::counters() const noexcept {
  pool_counters all;
  for (unsigned i = crew.known(); i-- != 0;) {
    slot const& s = crew.at(i);
    all.steals += s.steals.read();
    all.failed_steals += s.failed_steals.read();
    all.parks += s.parks.read();
    all.spills += s.spills.read();
    all.budget_yields += s.budget_yields.read();
  }
  all.wakes = wakes_.load(seam::relaxed, seam::quiet());
  all.longest_wait = injected.longest_wait();
  return all;
}

void core::wake_one() noexcept {
  if (!process.is_here()) return;
  wakes_.fetch_add(1, seam::relaxed, seam::quiet());
  seam::fence();  // the flag before the looks at who sleeps
  if (parked.waiters() != 0) return parked.notify_one();
  if (timers.ring()) return;
  if (std::exception_ptr const e = crew.staff()) fail_all(e);
}

void core::wake_all() noexcept {
  parked.notify_all();
  timers.ring();
}

void core::fail_all(std::exception_ptr const& why) noexcept {
  call* c = nullptr;
  auto const next = [&] {
    return injected.take({&c, 1}, 1) != 0 || (c = levels.take_above()) != nullptr ||
           (c = levels.take_background().of) != nullptr;
  };
  while (next()) {
    QUARTET_ASSERT(c->fail != nullptr, "a task cannot go on: the system refuses every thread");
    c->fail(*c, 0, 1, ending::failed, why);
  }
}

void core::resize(unsigned n) noexcept {
  if (n == workers()) return;
  workers_.store(n, seam::relaxed, seam::quiet());
  crew.resize(n);
}

void core::be_watched() noexcept {
  bool const wanted = patience_ != duration::zero() || follows_machine;
  if (wanted && !seam::simulated()) watch_ = watchdog::look_after(*this, observer_, patience_);
}

void core::close() noexcept {
  while (visitors_.load(seam::acquire) != 0) seam::yield_thread();  // (2) sees (1)
  closing.store(true, seam::seq_cst);
  crew.join();
  watchdog::forget(watch_);
}

}  // namespace quartet::detail::pool
