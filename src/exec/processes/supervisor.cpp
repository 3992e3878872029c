// SPDX-License-Identifier: Apache-2.0
// The supervisor's loop, and how calls get in.
#include "supervisor.hpp"

#include <algorithm>
#include <stdexcept>

#include <quartet/base/new_error.hpp>
#include <quartet/core/detail/after_fork.hpp>
#include <quartet/core/execution.hpp>
#include <quartet/os/affinity.hpp>
#include <quartet/os/cpu_quota.hpp>

namespace quartet::detail::processes {

job::stop_watch::stop_watch(job& j) noexcept
    : stop_hook([](stop_hook& h, stop_round&) noexcept {
        job& me = static_cast<stop_watch&>(h).owner;
        me.pool.stop_asked(me);
      }),
      owner(j) {}

job::job(supervisor& s, call& c, function_entry& f) noexcept
    : pool(s),
      of(c),
      function(f),
      level(wanted_level()),
      unsettled(c.count),
      watch(*this),
      asked(*this) {}

supervisor::zygote_watch::zygote_watch(supervisor& s) noexcept
    : watcher([](watcher& w, os::poll_event) noexcept {
        supervisor& me = static_cast<zygote_watch&>(w).owner;
        seam::guard g(me.seat_);
        me.forget_zygote();
      }),
      owner(s) {}

supervisor::bell_watch::bell_watch(supervisor& s) noexcept
    : watcher([](watcher& w, os::poll_event) noexcept {
        static_cast<bell_watch&>(w).owner.bell_.drain();
      }),
      owner(s) {}

supervisor::supervisor(executor_base& pool, unsigned workers)
    : pool_(pool),
      limit_(workers == 0 ? os::default_workers() : workers),
      processors_(os::available_cpus()),
      bell_watch_(*this),
      zygote_watch_(*this) {
  loop_.watch(bell_.descriptor(), os::interest::readable, bell_watch_);
}

supervisor::~supervisor() {
  close();
  loop_.unwatch(bell_watch_);
}

// The thread comes with the first call: a pool that is never used costs none.
std::exception_ptr supervisor::ensure_thread() noexcept {
  if (running_) return nullptr;
  try {
    thread_ = seam::thread([this] { run(); }, "quartet-pool");
    running_ = true;
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

void supervisor::start(call& c) noexcept {
  QUARTET_ASSERT(c.fail != nullptr,
                 "a task cannot hop to a process pool: submit a function to it instead");
  if (!process_.is_here()) return c.fail(c, 0, c.count, ending::failed, left_in_parent());
  bool const timed = c.timeout != duration::zero();
  std::exception_ptr error;
  {
    seam::guard g(inbox_lock_);
    error = ensure_thread();
    if (error == nullptr) inbox_.push_back(c);
  }
  if (error != nullptr) return c.fail(c, 0, c.count, ending::failed, error);
  if (!seat_.try_lock()) {
    loop_.wake();
    return;
  }
  take_inbox();
  dispatch(false);
  bool const left = first_waiting() != nullptr && workers_.size() < limit_;
  seat_.unlock();
  if (left || timed) loop_.wake();  // to start a worker, to watch the time
}

void supervisor::stop_asked(job& j) noexcept {
  if (!process_.is_here()) return;
  {
    seam::guard g(inbox_lock_);
    if (!j.asked.linked()) stops_.push_back(j.asked);
  }
  loop_.wake();
}

void supervisor::raise_asked() noexcept {
  if (!process_.is_here()) return;
  {
    seam::guard g(inbox_lock_);
    raised_ = true;
  }
  loop_.wake();
}

void supervisor::line_ready(worker& w) noexcept {
  seam::guard g(seat_);
  try {
    w.read_line();
  } catch (...) {  // out of descriptors or memory: as good as dead
    w.orphaned();
  }
}

void supervisor::run() noexcept {
  execution here(pool_);
  execution_scope const inside(here);
  loop_.try_enter();
  for (;;) {
    {
      seam::guard g(seat_);
      if (pass()) break;
    }
    wait();
  }
  loop_.leave();
}

// One look at everything. True: the pool is closed and nothing is left.
bool supervisor::pass() noexcept {
  take_inbox();
  collect();
  bury_dead();
  check_timeouts();
  refill();
  dispatch(true);
  rebalance();
  answer_warm();
  return end_workers();
}

void supervisor::wait() noexcept {
  time_point until = never;
  {
    seam::guard g(seat_);
    until = next_look_;
    if (duration const d = nap(); d != duration::zero()) {
      until = std::min(until, after(d));  // many short items: look again instead of being rung for
    } else {
      for (worker& w : workers_) w.channel().arm(true);
      seam::fence();
      for (worker& w : workers_)
        if (w.channel().has_reply()) until = time_point{};
    }
  }
  loop_.run_ready(64);
  loop_.wait(until);
  loop_.poll_now();
}

void supervisor::take_inbox() noexcept {
  call_queue calls;
  bool raised = false;
  {
    seam::guard g(inbox_lock_);
    calls.append(inbox_);
    raised = std::exchange(raised_, false);
  }
  while (call* c = calls.pop_front()) take_up(*c);
  if (raised) follow_raises();
  for (;;) {
    job::stop_asked* asked = nullptr;
    {
      seam::guard g(inbox_lock_);
      asked = stops_.pop_front();
    }
    if (asked == nullptr) return;
    stop(asked->owner);
  }
}

void supervisor::take_up(call& c) noexcept {
  if (c.remote == nullptr)
    return c.fail(c, 0, c.count, ending::failed,
                  new_error<std::invalid_argument>(
                      "a call that cannot be sent was given to a process pool; submit it through "
                      "process_pool or any_executor, which check that"));
  job* j = nullptr;
  try {
    j = new job(*this, c, functions_.of(*c.remote));
  } catch (...) {
    return c.fail(c, 0, c.count, ending::failed, std::current_exception());
  }
  if (c.scope != nullptr && !j->watch.attach(*c.scope)) return stop(*j);
  enqueue(*j, false);
}

void supervisor::warm() {
  if (!process_.is_here()) std::rethrow_exception(left_in_parent());
  seam::guard g(inbox_lock_);
  if (auto error = ensure_thread(); error != nullptr) std::rethrow_exception(error);
  warm_error_ = nullptr;
  warm_wanted_ = true;
  loop_.wake();
  while (warm_wanted_) warmed_.wait(inbox_lock_);
  if (warm_error_ != nullptr) std::rethrow_exception(warm_error_);
}

void supervisor::answer_warm() noexcept {
  {
    seam::guard g(inbox_lock_);
    if (!warm_wanted_) return;
  }
  wanted_ = limit_;
  start_error_ = nullptr;
  refill();
  std::size_t alive = 0;
  for (worker& w : workers_) alive += w.usable() && w.pid() != 0 && w.channel().alive() ? 1 : 0;
  bool const fewer = start_error_ != nullptr && workers_.size() < limit_;
  if (alive < limit_ && !fewer) return;
  seam::guard g(inbox_lock_);
  if (fewer) warm_error_ = std::exchange(start_error_, nullptr);
  warm_wanted_ = false;
  warmed_.notify_all();
}

void supervisor::close() noexcept {
  {
    seam::guard g(inbox_lock_);
    if (!running_) return;
    closing_ = true;
  }
  loop_.wake();
  if (thread_.joinable()) thread_.join();
}

std::vector<int> supervisor::pids() {
  if (process_.is_elsewhere()) return {};
  seam::guard g(seat_);
  std::vector<int> all;
  for (worker& w : workers_)
    if (w.usable() && w.pid() != 0) all.push_back(w.pid());
  return all;
}

}  // namespace quartet::detail::processes
