// SPDX-License-Identifier: Apache-2.0
// @NAME@_executor: a queue, and a thread that drives it while it waits for something of its own.
#include <algorithm>
#include <utility>

#include <quartet/base/errors.hpp>
#include <quartet/exec/@NAME@/@NAME@_executor.hpp>

namespace quartet {

@NAME@_executor::~@NAME@_executor() {
  execution here(*this);
  execution_scope const scope(here);
  while (outstanding() != 0) {
    std::uint32_t const seen = arrivals_.load(seam::acquire);  // (2)
    if (!step()) seam::futex_wait(arrivals_, seen, next_timer());
  }
}

void @NAME@_executor::start(call& c) noexcept {
  c.next = nullptr;
  {
    seam::guard const held{guard_};
    if (first_ == nullptr) {
      first_ = &c;
    } else {
      last_->next = &c;
    }
    last_ = &c;
  }
  arrivals_.fetch_add(1, seam::release);  // (1)
  seam::futex_wake(arrivals_, 1);
}

void @NAME@_executor::drive(seam::atomic<bool> const& done, time_point deadline) {
  execution* const outer = current_execution();
  if (outer != nullptr && outer->executor == this && outer->task != nullptr)
    throw would_deadlock("a task of this executor blocks on it, and nobody else could drive it");
  execution here(*this);
  execution_scope const scope(here);
  while (!done.load(seam::acquire)) {
    std::uint32_t const seen = arrivals_.load(seam::acquire);  // (2)
    if (step()) continue;
    if (clock::now() >= deadline) return;
    seam::futex_wait(arrivals_, seen, std::min(deadline, next_timer()));
  }
}

// Fires what is due, then runs one call. False: there was none.
bool @NAME@_executor::step() noexcept {
  fire_due();
  call* const c = take();
  if (c == nullptr) return false;
  c->run(*c, 0, c->count);  // the call may be gone now
  return true;
}

call* @NAME@_executor::take() noexcept {
  seam::guard const held{guard_};
  return first_ == nullptr ? nullptr : std::exchange(first_, first_->next);
}

void @NAME@_executor::arm(timer& t) {
  seam::guard const held{guard_};
  t.sequence = next_sequence_++;
  t.slot = 1;
  auto const later = [](timer const* a, timer const* b) {
    return std::pair(a->when, a->sequence) < std::pair(b->when, b->sequence);
  };
  timers_.insert(std::upper_bound(timers_.begin(), timers_.end(), &t, later), &t);
}

bool @NAME@_executor::cancel(timer& t) noexcept {
  seam::guard const held{guard_};
  auto const found = std::find(timers_.begin(), timers_.end(), &t);
  if (found == timers_.end()) return false;
  timers_.erase(found);
  t.slot = 0;
  return true;
}

void @NAME@_executor::fire_due() noexcept {
  for (;;) {
    timer* due = nullptr;
    {
      seam::guard const held{guard_};
      if (timers_.empty() || timers_.front()->when > clock::now()) return;
      due = timers_.front();
      timers_.erase(timers_.begin());
      due->slot = 0;
    }
    due->fire(*due);
  }
}

time_point @NAME@_executor::next_timer() noexcept {
  seam::guard const held{guard_};
  return timers_.empty() ? never : timers_.front()->when;
}

}  // namespace quartet
