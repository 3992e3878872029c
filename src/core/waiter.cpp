// SPDX-License-Identifier: Apache-2.0
// How coroutines and threads are resumed.
#include <concepts>

#include <quartet/core/context.hpp>
#include <quartet/core/waiter.hpp>

namespace quartet {

void task_waiter::post(waiter& w) noexcept {
  auto& self = static_cast<task_waiter&>(w);
  if (seam::hooked()) [[unlikely]]
    return seam::rarely([s = &self] { s->task_.read()->post_told(s->handle_); });
  self.task_.read()->post(self.handle_);
}

void gated_waiter::pass(waiter& w) noexcept {
  auto& self = static_cast<gated_waiter&>(w);
  if (seam::hooked()) [[unlikely]]
    return seam::rarely([s = &self] { pass_as<place>(*s); });
  pass_as<seam::quiet>(self);
}

template <class W> void gated_waiter::pass_as(gated_waiter& self) noexcept {
  task_context* const t = self.task_;
  std::coroutine_handle<> const h = self.handle_;
  // If it is still arming, its own thread goes on, and `self` may be gone after the exchange.
  if (self.gate_.exchange(fired, seam::acq_rel, W::here()) != armed) return;
  if constexpr (std::same_as<W, place>)
    t->post_told(h);
  else
    t->post(h);
}

blocking_waiter::blocking_waiter(executor_base* driver) noexcept : waiter(&wake), driver_(driver) {
  note_.owner = this;
  note_.why = call::turn::resumed;
  note_.run = [](work_item& c, std::size_t, std::size_t) noexcept {
    static_cast<note&>(c).owner->done_.store(true, seam::release);
  };
}

// From the wake on the waiting thread counts as work of the executor, which is therefore there
// until that thread has left it; it may not even have begun to drive when the call it waits for
// ends.
blocking_waiter::~blocking_waiter() {
  if (driver_ != nullptr && done_.load(seam::acquire)) driver_->count_out();
}

void blocking_waiter::wake(waiter& w) noexcept {
  auto& self = static_cast<blocking_waiter&>(w);
  if (self.driver_ != nullptr) {
    self.driver_->count_in();
    self.driver_->start(self.note_);
    return;
  }
  self.word_.store(1, seam::release);  // the waiter may be gone now; only its address is used
  seam::futex_wake(self.word_, 1);
}

void blocking_waiter::wait_to_end() noexcept {
  if (driver_ != nullptr)
    driver_->drive_to_end(done_);
  else
    wait();
}

bool blocking_waiter::wait(time_point deadline) {
  if (driver_ != nullptr) {
    driver_->drive(done_, deadline);
    return done_.load(seam::acquire);
  }
  execution* const here = current_execution();
  if (here != nullptr) here->will_block();
  while (word_.load(seam::acquire) == 0)
    if (seam::futex_wait(word_, 0, deadline) == seam::wake::timed_out) break;
  if (here != nullptr) here->did_block();
  return word_.load(seam::acquire) == 1;
}

}  // namespace quartet
