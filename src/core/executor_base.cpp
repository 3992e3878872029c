// SPDX-License-Identifier: Apache-2.0
// Defaults of the executor border, and waiters.
#include <quartet/core/context.hpp>
#include <quartet/core/executor_base.hpp>
#include <quartet/core/waiter.hpp>

namespace quartet {

void executor_base::drive(seam::atomic<bool> const&, time_point) {
  QUARTET_ASSERT(driven(), "only an executor that says it is driven can be driven");
}

void executor_base::count_out() noexcept {
  // After the decrement the executor may be gone; waking uses the address only.
  if (outstanding_.fetch_sub(1, seam::release) == 1) seam::futex_wake(outstanding_, 1 << 30);  // (1)
}

void executor_base::wait_until_idle() noexcept {
  while (std::uint32_t const n = outstanding_.load(seam::acquire))  // (2)
    seam::futex_wait(outstanding_, n);
}

void task_waiter::post(waiter& w) noexcept {
  auto& self = static_cast<task_waiter&>(w);
  self.task_->post(self.handle_);
}

blocking_waiter::blocking_waiter(executor_base* e) noexcept
    : waiter(&wake), driver_(e != nullptr && e->driven() ? e : nullptr) {
  note_.owner = this;
  note_.why = call::turn::resumed;
  note_.run = [](call& c, std::size_t, std::size_t) noexcept {
    static_cast<note&>(c).owner->done_.store(true, seam::release);
  };
}

void blocking_waiter::wake(waiter& w) noexcept {
  auto& self = static_cast<blocking_waiter&>(w);
  if (self.driver_ != nullptr) {
    self.driver_->start(self.note_);
    return;
  }
  self.word_.store(1, seam::release);  // the waiter may be gone now; only its address is used
  seam::futex_wake(self.word_, 1);
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
