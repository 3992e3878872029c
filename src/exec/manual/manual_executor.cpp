// SPDX-License-Identifier: Apache-2.0
// Running by hand, in virtual time.
#include <algorithm>
#include <string>

#include <quartet/base/errors.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/reactor/detail/driver.hpp>

namespace quartet {

/// The calling thread runs our tasks, on the virtual clock, for a scope.
class manual_executor::inside {
 public:
  inside(manual_executor& e, char const* what)
      : here_(refused_in_a_task(e, what)), scope_(here_), machine_(e.machine_) {}

 private:
  static manual_executor& refused_in_a_task(manual_executor& e, char const* what) {
    if (detail::driving::inside(e))
      throw would_deadlock(std::string(what) +
                           " was called inside a task of the same manual executor, which would "
                           "wait for itself: use co_await, or call it from the test");
    return e;
  }
  detail::driving here_;
  execution_scope scope_;
  seam::machine_scope machine_;
};

manual_executor::~manual_executor() {
  QUARTET_ASSERT(!detail::driving::inside(*this), "an executor was destroyed inside its own task");
  {
    inside const here(*this, "the destructor");
    for (;;) {
      while (step()) {
      }
      {
        seam::guard g(lock_);
        if (outstanding_ == 0 && ready_.empty()) break;
      }
      if (!fire_next(never)) wait_for_others();
    }
  }
  seam::guard g(lock_);  // whoever counted the last end has let go of it
  QUARTET_ASSERT(timers_.empty(), "a manual executor was destroyed while a timer was armed");
}

bool manual_executor::run_one() {
  inside const here(*this, "run_one");
  return step();
}

std::size_t manual_executor::run_until_idle() {
  inside const here(*this, "run_until_idle");
  std::size_t n = 0;
  while (step()) ++n;
  return n;
}

void manual_executor::advance(duration d) {
  inside const here(*this, "advance");
  time_point const last = d > never - now() ? never : now() + d;
  while (fire_next(last)) {
  }
  machine_.set(last);
}

void manual_executor::drive(seam::atomic<bool> const& done, time_point deadline) {
  inside const here(*this, "a blocking wait");
  while (!done.load(seam::acquire)) {
    if (step() || fire_next(deadline)) continue;
    if (deadline == never)
      throw would_deadlock(
          "nothing is ready on the manual executor and no timer is armed, so the wait would never "
          "end: submit or resume what it waits for first");
    machine_.set(std::max(now(), deadline));
    return;
  }
}

void manual_executor::drive_to_end(seam::atomic<bool> const& done) noexcept {
  detail::driving here(*this);
  execution_scope const scope(here);
  seam::machine_scope const machine(machine_);
  while (!done.load(seam::acquire))
    if (!step() && !fire_next(never)) wait_for_others(&done);
}

void manual_executor::start(call& c) noexcept {
  seam::guard g(lock_);
  ready_.push_back(c);
  changed_.notify_all();
}

void manual_executor::count_in() noexcept {
  seam::guard g(lock_);
  ++outstanding_;
}

void manual_executor::count_out() noexcept {
  seam::guard g(lock_);
  if (--outstanding_ == 0) changed_.notify_all();
}

bool manual_executor::step() noexcept {
  lock_.lock();
  call* const c = ready_.pop_front();
  lock_.unlock();
  if (c == nullptr) return false;
  c->run(*c, 0, c->count);
  seam::guard g(lock_);
  if (waiting_ != 0) changed_.notify_all();  // it may have been what another thread waits for
  return true;
}

// Lets the time pass to the first timer, unless that is after `last`, and fires it.
bool manual_executor::fire_next(time_point last) noexcept {
  seam::guard g(lock_);
  timer* const t = timers_.pop_due(std::min(last, never - duration(1)));
  if (t == nullptr) return false;
  machine_.set(std::max(now(), t->when));
  firing_ = t;
  firing_thread_ = seam::thread_identity();
  lock_.unlock();
  t->fire(*t);
  lock_.lock();
  firing_ = nullptr;
  changed_.notify_all();
  return true;
}

// Until there is something to do, or `done` is set by what another thread runs.
void manual_executor::wait_for_others(seam::atomic<bool> const* done) noexcept {
  seam::guard g(lock_);
  auto const is_done = [done] { return done != nullptr && done->load(seam::acquire); };
  auto const nothing_to_fire = [this] { return timers_.empty() || timers_.first().when == never; };
  ++waiting_;
  while (!is_done() && outstanding_ != 0 && ready_.empty() && nothing_to_fire())
    changed_.wait(lock_);
  --waiting_;
}

void manual_executor::arm(timer& t) {
#if !QUARTET_SIM
  if (t.when != never) t.when = now() + (t.when - clock::now());  // tasks see the real clock
#endif
  seam::guard g(lock_);
  timers_.push(t);
  changed_.notify_all();
}

bool manual_executor::cancel(timer& t) noexcept {
  seam::guard g(lock_);
  if (timers_.remove(t)) return true;
  while (firing_ == &t && firing_thread_ != seam::thread_identity()) changed_.wait(lock_);
  return false;
}

}  // namespace quartet
