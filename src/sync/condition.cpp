// SPDX-License-Identifier: Apache-2.0
// Giving the mutex up and standing in line in one step.
//
// The mutex is unlocked under `guard_` after the waiter has come into the line: whoever then
// changes the data under the mutex and notifies, finds the waiter there. A notifier takes a waiter
// out under `guard_` too; a stop or deadline that comes later finds it gone, so the notification
// counts, and one that came earlier leaves the notification to the next in line.
#include <quartet/sync/condition.hpp>

namespace quartet {

namespace {
/// Takes the running task out of its scope for a block: nothing can stop what it awaits.
class unstoppable {
 public:
  unstoppable() noexcept : task_(current_task()) {
    if (task_ != nullptr) scope_ = std::exchange(task_->scope, nullptr);
  }
  unstoppable(unstoppable const&) = delete;
  unstoppable& operator=(unstoppable const&) = delete;
  ~unstoppable() {
    if (task_ != nullptr) task_->scope = scope_;
  }

 private:
  task_context* const task_;
  stop_state* scope_ = nullptr;
};
}  // namespace

void condition::want::queued() const noexcept {
  by->unlocked = true;
  by->m.unlock();
}

task<bool> condition::once(condition& c, mutex& m, time_point t) {
  visit here{m};
  std::exception_ptr error;
  bool notified = false;
  try {
    want const turn{&c, &here};
    notified = co_await wait_in_line(turn, t);
  } catch (...) {
    error = std::current_exception();
  }
  if (here.unlocked) {
    unstoppable const now;
    co_await m.lock();
  }
  if (error) std::rethrow_exception(error);
  co_return notified;
}

bool condition::block_once(mutex& m, time_point t) {
  visit here{m};
  struct relock {
    visit& of;
    ~relock() {
      if (!of.unlocked) return;
      unstoppable const now;
      of.m.blocking_lock();
    }
  } const at_end{here};
  return block_in_line(want{this, &here}, t);
}

void condition::late() { throw timed_out("a condition did not hold until the deadline"); }

void condition::notify_one() noexcept {
  wake_list woken;
  seam::guard g(guard_);
  line_.take(woken);
}

void condition::notify_all() noexcept {
  wake_list woken;
  seam::guard g(guard_);
  line_.take_all(woken);
}

}  // namespace quartet
