// SPDX-License-Identifier: Apache-2.0
// The race between a descriptor and a stop.
#include <fcntl.h>
#include <system_error>

#include <quartet/base/errors.hpp>
#include <quartet/reactor/readiness.hpp>

namespace quartet::detail {

void readiness_awaiter::on_ready(watcher& w, os::poll_event) noexcept {
  auto& self = static_cast<readiness_awaiter&>(w);
  self.service_.read()->unwatch(w);
  if (self.take()) self.waiter_.resume();
}

void readiness_awaiter::on_stop(stop_hook& h, stop_round&) noexcept {
  auto& self = static_cast<readiness_awaiter&>(h);
  if (!self.take()) return;
  self.stopped_ = true;
  self.waiter_.resume();
}

/// False: the descriptor is of a kind that is always ready.
bool readiness_awaiter::watch() {
  int watched = fd_;
  for (;;) try {
      service_.read()->watch(watched, what_, *this);
      return true;
    } catch (std::system_error const& e) {
      if (e.code() == std::errc::operation_not_permitted) return false;
      if (e.code() != std::errc::file_exists || copy_) throw;
      copy_ = os::checked(fcntl(fd_, F_DUPFD_CLOEXEC, 0), "a second descriptor to wait for");
      watched = copy_.get();
    }
}

bool readiness_awaiter::suspend(task_context& t, std::coroutine_handle<> h) {
  if (t.stop_requested()) {
    stopped_ = true;
    return false;
  }
  service_ = t.executor->descriptors();
  if (service_.read() == nullptr)
    throw std::system_error(std::make_error_code(std::errc::not_supported),
                            "this executor waits for no descriptors");
  waiter_.suspend(t, h);
  try {
    if (!watch()) return waiter_.goes_on(), false;
  } catch (...) {
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

void readiness_awaiter::await_resume() {
  detach();
  if (service_.read() != nullptr) service_.read()->unwatch(*this);
  if (stopped_) throw stopped();
}

}  // namespace quartet::detail
