// SPDX-License-Identifier: Apache-2.0
// Sleeping in tasks and in threads.
#include <quartet/base/errors.hpp>
#include <quartet/core/yield.hpp>

namespace quartet {

namespace detail {

void sleep_awaiter::on_time(timer& t) noexcept {
  auto& self = static_cast<sleep_awaiter&>(t);
  if (self.take()) self.waiter_.resume();
}

void sleep_awaiter::on_stop(stop_hook& h, stop_round&) noexcept {
  auto& self = static_cast<sleep_awaiter&>(h);
  if (!self.take()) return;
  self.stopped_ = true;
  self.waiter_.resume();
}

bool sleep_awaiter::suspend(task_context& t, std::coroutine_handle<> h) {
  if (t.stop_requested()) {  // a timer that is due at once could win
    stopped_ = true;
    return false;
  }
  waiter_.suspend(t, h);
  timers_ = &t.executor->timers();
  try {
    timers_.read()->arm(*this);
  } catch (...) {  // no memory
    waiter_.goes_on();
    throw;
  }
  if (t.scope != nullptr && !attach(*t.scope) && take()) {
    stopped_ = true;
    waiter_.goes_on();
    return false;
  }
  return waiter_.arm();
}

void sleep_awaiter::await_resume() {
  detach();
  if (timers_ != nullptr) timers_.read()->cancel(*this);
  if (stopped_) throw stopped();
}

}  // namespace detail

void blocking_sleep_for(duration d) {
  // A thread has nothing to be resumed by but the stop: wait for that, with a deadline.
  struct waking : stop_hook {
    explicit waking(blocking_waiter& w) noexcept
        : stop_hook(
              [](stop_hook& h, stop_round&) noexcept { static_cast<waking&>(h).sleeper.resume(); }),
          sleeper(w) {}
    blocking_waiter& sleeper;
  };
  time_point const end = after(d);
  checkpoint();
  blocking_waiter w;
  waking hook(w);
  if (task_context* const t = current_task(); t != nullptr && t->scope != nullptr)
    if (!hook.attach(*t->scope)) throw stopped();
  bool const early = w.wait(end);
  hook.detach();
  if (early) throw stopped();
}

}  // namespace quartet
