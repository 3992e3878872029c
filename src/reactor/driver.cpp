// SPDX-License-Identifier: Apache-2.0
// The protocol of the driver's role.
//
// The role changes hands under `lock_` only. Whoever wants something done takes the role if it is
// free, else parks in a seat. A seat is called up when its `done` is set (by the driver, after
// each turn) or when the role becomes free (by whoever leaves, one seat, which takes over).
//
// `done` is set by a call that the driver runs, without a lock. A thread that parks just then
// might be overlooked, so parking wakes the driver, which then looks at the seats.
//
// Going away. `drain` takes the role and keeps it. It sees the last call end in `outstanding_`,
// then takes `lock_`: the thread that counted the end, or left the role, has let go of it then.
#include <string>

#include <quartet/base/errors.hpp>
#include <quartet/reactor/detail/driver.hpp>

namespace quartet::detail {

bool driving::inside(executor_base const& e) noexcept {
  driving const* d = dynamic_cast<driving*>(current_execution());
  while (d != nullptr && d->executor != &e) d = d->outer_;
  return d != nullptr;
}

bool driving::drives(executor_base const& e) noexcept {
  driving const* d = dynamic_cast<driving*>(current_execution());
  while (d != nullptr && !(d->executor == &e && d->has_role)) d = d->outer_;
  return d != nullptr;
}

void driver::count_out() noexcept {
  if (reactor_.is_driver()) {  // nobody destroys us before we leave the role
    outstanding_.fetch_sub(1, seam::release);
    return;
  }
  seam::guard g(lock_);
  if (outstanding_.fetch_sub(1, seam::release) == 1 && draining_) reactor_.wake();
}

void driver::refuse_nested(executor_base const& e, char const* what) const {
  if (nesting_ == nesting::allowed || !driving::inside(e)) return;
  throw would_deadlock(std::string(what) +
                       " was called inside a task of the executor that would have to do the work, "
                       "so it would wait for itself: use co_await instead");
}

void driver::drive(executor_base& e, seam::atomic<bool> const& done, time_point deadline) {
  refuse_nested(e, "a blocking wait");
  drive_to(e, done, deadline);
}

void driver::drive_to(executor_base& e, seam::atomic<bool> const& done, time_point deadline) {
  if (driving::drives(e)) {
    work(done, deadline);
    return;
  }
  execution* const around = current_execution();
  if (around != nullptr) around->will_block();
  {
    driving here(e);
    execution_scope const scope(here);
    lock_.lock();
    ++present_;
    while (!done.load(seam::acquire)) {
      if (reactor_.try_enter()) {
        here.has_role = true;
        lock_.unlock();
        work(done, deadline);
        lock_.lock();
        leave_role(here);
        break;
      }
      if (!park(done, deadline)) break;
    }
    if (!reactor_.has_driver() && !seats_->empty()) call_up(seats_.write().front());
    if (--present_ == 0 && draining_) left_.notify_all();
    lock_.unlock();  // we may be gone now
  }
  if (around != nullptr) around->did_block();
}

void driver::drain(executor_base& e) noexcept {
  QUARTET_ASSERT(!driving::inside(e), "an executor was destroyed inside one of its tasks");
  seam::atomic<bool> const never_done{false};
  driving here(e);
  execution_scope const scope(here);
  lock_.lock();
  while (!reactor_.try_enter()) park(never_done, never);
  here.has_role = true;
  draining_ = true;
  lock_.unlock();
  while (outstanding_.load(seam::acquire) != 0 || reactor_.has_ready()) turn(nullptr, never);
  serve_seats();
  lock_.lock();
  while (present_ != 0) left_.wait(lock_);
  leave_role(here);
  lock_.unlock();
}

void driver::work(seam::atomic<bool> const& done, time_point deadline) noexcept {
  while (!done.load(seam::acquire)) {
    turn(&done, deadline);
    if (deadline != never && clock::now() >= deadline) break;
  }
}

void driver::turn(seam::atomic<bool> const* done, time_point deadline) noexcept {
  reactor_.run_ready(64, done);
  if (has_seats_.load(seam::relaxed)) serve_seats();
  if (done != nullptr ? done->load(seam::acquire) : outstanding_.load(seam::acquire) == 0) return;
  reactor_.wait(deadline);
}

// Called with lock_ held; unlocked while waiting. False: the deadline has passed.
bool driver::park(seam::atomic<bool> const& done, time_point deadline) noexcept {
  seat mine(done);
  seats_.write().push_back(mine);
  has_seats_.store(true, seam::relaxed);
  reactor_.wake();
  lock_.unlock();
  bool in_time = true;
  while (in_time && mine.word.load(seam::acquire) == 0)
    in_time = seam::futex_wait(mine.word, 0, deadline) != seam::wake::timed_out;
  lock_.lock();
  if (mine.linked()) seats_.write().remove(mine);
  has_seats_.store(!seats_->empty(), seam::relaxed);
  return in_time;
}

// The seat's thread needs lock_, which we hold, to leave: the seat is still there.
void driver::call_up(seat& s) noexcept {
  seats_.write().remove(s);
  s.word.store(1, seam::release);
  seam::futex_wake(s.word, 1);
}

void driver::serve_seats() noexcept {
  seam::guard g(lock_);
  intrusive_list<seat> others;
  while (!seats_->empty()) {
    seat& s = seats_.write().front();
    if (s.done.load(seam::acquire)) {
      call_up(s);
    } else {
      seats_.write().remove(s);
      others.push_back(s);
    }
  }
  seats_.write().splice_back(others);
}

void driver::leave_role(driving& here) noexcept {
  here.has_role = false;
  reactor_.leave();
}

}  // namespace quartet::detail
