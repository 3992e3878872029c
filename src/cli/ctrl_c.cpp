// SPDX-License-Identifier: Apache-2.0
// A handler that writes one byte, and a thread that reads it.
#include "ctrl_c.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <quartet/seam/atomic.hpp>

namespace quartet::cli {

namespace {

// All that the handler uses. Lock-free, as a handler needs.
seam::atomic<int> pipe_end{-1};
seam::atomic<int> signal_seen{0};

/// Reads until a signal comes, or until the byte 0 says that none is waited for any longer.
void listen(int fd, stop_source& stop) {
  for (;;) {
    unsigned char byte = 0;
    ssize_t const n = ::read(fd, &byte, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0 || byte == 0) return;
    stop.request();
  }
}

}  // namespace

void ctrl_c::handle(int signal) noexcept {
  int const error = errno;
  signal_seen.store(signal, seam::relaxed);
  auto const byte = static_cast<unsigned char>(signal);
  // A full pipe holds a request already.
  [[maybe_unused]] ssize_t const n = ::write(pipe_end.load(seam::relaxed), &byte, 1);
  errno = error;
}

ctrl_c::ctrl_c(stop_source& stop) : taken_{{{SIGINT, {}}, {SIGTERM, {}}}} {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "a pipe for Ctrl-C");
  read_end_.reset(ends[0]);
  write_end_.reset(ends[1]);
  listener_ = seam::thread([fd = ends[0], &stop] { listen(fd, stop); }, "ctrl-c");
  signal_seen.store(0, seam::relaxed);
  pipe_end.store(ends[1], seam::relaxed);
  for (taken& t : taken_) take(t);
}

void ctrl_c::take(taken& t) noexcept {
  sigaction(t.signal, nullptr, &t.before);
  if (t.before.sa_handler == SIG_IGN) return;  // as under nohup
  struct sigaction ours {};
  ours.sa_handler = &handle;
  ours.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigaction(t.signal, &ours, nullptr);
}

ctrl_c::~ctrl_c() {
  for (taken& t : taken_) sigaction(t.signal, &t.before, nullptr);
  unsigned char const end = 0;
  while (::write(write_end_.get(), &end, 1) < 0 && errno == EINTR) {
  }
  listener_.join();
  pipe_end.store(-1, seam::relaxed);
}

int ctrl_c::signal() const noexcept { return signal_seen.load(seam::relaxed); }

}  // namespace quartet::cli
