// SPDX-License-Identifier: Apache-2.0
// How coroutines and threads are resumed.
#include <chrono>
#include <concepts>

#include <quartet/core/context.hpp>
#include <quartet/core/waiter.hpp>
#include <quartet/seam/thread.hpp>

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
  // The waiter may be gone after this step; only its address is used.
  if (self.word_.exchange(resumed, seam::release) == asleep) seam::futex_wake(self.word_, 1);
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
  if (here == nullptr && deadline == never && resumed_soon()) return true;
  if (here != nullptr) here->will_block();
  std::uint32_t now = awake;
  word_.compare_exchange(now, asleep, seam::relaxed, seam::relaxed);
  while (word_.load(seam::acquire) != resumed)
    if (seam::futex_wait(word_, asleep, deadline) == seam::wake::timed_out) break;
  if (here != nullptr) here->did_block();
  return word_.load(seam::acquire) == resumed;
}

/// Going to sleep and being woken takes two processors some microseconds, and far more where the
/// woken one is busy searching for work; so what is over sooner is waited for awake. A thread whose
/// waits never are, or that has no processor besides its own, tries it only now and then.
bool blocking_waiter::resumed_soon() const noexcept {
  constexpr duration patience = std::chrono::microseconds(5);
  constexpr unsigned many = 8, now_and_then = 32;
  thread_local unsigned in_vain = 0;
  if (seam::hooked() || (in_vain >= many && ++in_vain % now_and_then != 0)) return false;
  time_point const end = clock::now() + patience;
  do
    for (int i = 0; i != 16; ++i) {
      if (word_.load(seam::acquire, seam::quiet()) == resumed) return in_vain = 0, true;
      seam::pause();
    }
  while (clock::now() < end);
  ++in_vain;
  return false;
}

}  // namespace quartet
