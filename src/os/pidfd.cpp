// SPDX-License-Identifier: Apache-2.0
// pidfd system calls that glibc of Debian 12 has no names for everywhere.
#include <array>
#include <cerrno>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

#include <quartet/os/error.hpp>
#include <quartet/os/pidfd.hpp>
#include <quartet/os/poller.hpp>

namespace quartet::os {

pidfd pidfd::open(int pid) {
  return pidfd(checked(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)),
                       ("cannot get hold of process " + std::to_string(pid)).c_str()));
}

bool pidfd::send_signal(int signal) const {
  if (syscall(SYS_pidfd_send_signal, fd_.get(), signal, nullptr, 0) == 0) return true;
  if (errno == ESRCH) return false;
  throw_errno("cannot send signal " + std::to_string(signal) + " to a process");
}

bool pidfd::ends_by(time_point deadline, place where) const {
  poller p;
  p.add(fd_.get(), interest::readable, nullptr);
  std::array<poll_event, 1> events;
  while (p.wait(events, deadline, where) == 0)
    if (clock::now() >= deadline) return false;
  return true;
}

seam::process_end pidfd::wait(place where) {
  if (seam::hooked()) [[unlikely]]
    seam::announce(seam::kind::process_wait, this, true, seam::acquire, where);
  auto const end = seam::this_machine().wait_process(fd_.get());
  if (!end.signalled && end.code < 0) throw_error(ECHILD, "cannot wait for a process");
  return end;
}

}  // namespace quartet::os
