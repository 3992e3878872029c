// SPDX-License-Identifier: Apache-2.0
// The race between the end of a call and the stop of the task that awaits it.
//
// Both want to resume the waiter. The record's slot decides: `finish` takes the waiter out by an
// exchange, the stop by `withdraw`; only one gets it. Being registered in two places, the waiter
// is gated: whoever resumes it before both are done lets `suspend` return false.
#include <quartet/core/detail/after_fork.hpp>
#include <quartet/core/detail/record_wait.hpp>

namespace quartet::detail {

record_wait::stop_watch::stop_watch(record_wait& w) noexcept
    : stop_hook([](stop_hook& h, stop_round& round) noexcept {
        record_wait& self = static_cast<stop_watch&>(h).owner;
        call_record& r = *self.record_.read();
        round.then(r);
        if (!self.leaves_ || !r.withdraw(self.waiter_)) return;
        self.stopped_ = true;
        self.waiter_.resume();
      }),
      owner(w) {}

bool record_wait::suspend(call_record& r, task_context& t, std::coroutine_handle<> h,
                          bool leaves) noexcept {
  if (yields_) return t.post(h, call::turn::yielded), true;
  if (r.is_lost()) return refused_ = left_in_parent(), false;
  record_ = &r;
  leaves_ = leaves;
  r.raise_to(t.current_level());
  if (seam::hooked()) [[unlikely]]
    return seam::rarely([this, t = &t, h] { return suspend_as<place>(*t, h); });
  return suspend_as<seam::quiet>(t, h);
}

template <class W>
bool record_wait::suspend_as(task_context& t, std::coroutine_handle<> h) noexcept {
  call_record& r = *record_.read();
  if (refused_ = r.waited.begin<W>(r, t); refused_ != nullptr) [[unlikely]]
    return false;
  waiter_.suspend<W>(t, h);
  if (!r.await_as<W>(waiter_)) return waiter_.goes_on<W>(), false;
  if (t.scope != nullptr && !hook_.attach(*t.scope)) {
    r.request();
    if (leaves_ && r.withdraw(waiter_)) {
      stopped_ = true;
      waiter_.goes_on<W>();
      return false;
    }
  }
  return waiter_.arm<W>();
}

void record_wait::end() {
  hook_.detach();
  if (record_.read() != nullptr) record_.read()->waited.end();
  if (stopped_) throw stopped();
  if (refused_ != nullptr) [[unlikely]]
    std::rethrow_exception(refused_);
}

}  // namespace quartet::detail
