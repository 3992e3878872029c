// SPDX-License-Identifier: Apache-2.0
// The zygote: one thread, a few descriptors; forks, reaps, tells; ends with the program.
//
// Workers are its children, so the program's own wait() never meets them, and glibc's fork keeps
// what the C library knows about threads and robust mutexes right. It learns of a worker's end by
// pidfd and passes the exact status on over the worker's line.
#include "zygote_main.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <errno.h>
#include <fcntl.h>
#include <list>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <quartet/os/pidfd.hpp>
#include <quartet/os/poller.hpp>

#include "role.hpp"

namespace quartet::detail::processes {

namespace {

struct child {
  os::packet_socket line;
  os::pidfd process;
};

class zygote_loop {
 public:
  [[noreturn]] void run();

 private:
  void take_request();
  void fork_one(request const& r, os::packet& p);
  [[noreturn]] void become(request const& r, os::packet& p, int parent);
  void reap(child& c);
  [[noreturn]] void end();

  os::packet_socket requests_{os::fd(role_socket)};
  os::fd program_{role_parent};
  os::poller poller_;
  std::list<child> children_;
};

void tell(os::packet_socket& line, line_message const& m, std::span<int const> descriptors = {}) {
  try {
    line.try_send(bytes_of(m), descriptors);
  } catch (...) {  // the pool has closed the line: nobody wants to know
  }
}

void zygote_loop::run() {
  poller_.add(requests_.descriptor(), os::interest::readable, &requests_);
  poller_.add(program_.get(), os::interest::readable, &program_);
  for (;;) {
    std::array<os::poll_event, 32> events;
    std::size_t const n = poller_.wait(events, never);
    bool asked = false;
    for (std::size_t i = 0; i < n; ++i) {
      void* const tag = events[i].tag();
      if (tag == &program_) end();
      if (tag == &requests_)
        asked = true;
      else
        reap(*static_cast<child*>(tag));
    }
    if (asked) take_request();
  }
}

void zygote_loop::take_request() {
  request r{};
  os::packet p = requests_.blocking_receive(writable_bytes_of(r));
  if (p.size != sizeof r || r.what == role::quit) end();
  fork_one(r, p);
}

void zygote_loop::fork_one(request const& r, os::packet& p) {
  int const parent = getpid();
  pid_t const pid = fork();
  if (pid == 0) become(r, p, parent);
  int const failure = errno;
  os::packet_socket line(std::move(p.descriptors.at(0)));
  if (pid < 0) return tell(line, {notice::not_started, failure});
  children_.push_back({std::move(line), os::pidfd::open(pid)});
  child& c = children_.back();
  int const descriptor = c.process.descriptor();
  poller_.add(descriptor, os::interest::readable, &c);
  tell(c.line, {notice::started, pid}, {&descriptor, 1});
}

void zygote_loop::become(request const& r, os::packet& p, int parent) {
  // The poller's watches belong to the zygote's descriptors: close ours, remove nothing.
  close(poller_.descriptor());
  requests_.close();
  program_.reset();
  for (child& c : children_) {
    c.line.close();
    close(c.process.descriptor());
  }
  birth b{os::packet_socket(std::move(p.descriptors.at(0))),
          std::move(p.descriptors.at(1)),
          {},
          r.number,
          parent};
  if (r.what == role::once) once_main(std::move(b));
  b.doorbell = std::move(p.descriptors.at(2));
  worker_main(std::move(b));
}

void zygote_loop::reap(child& c) {
  seam::process_end const e = c.process.wait();
  tell(c.line, {e.signalled ? notice::killed : notice::exited, e.code});
  poller_.remove(c.process.descriptor());
  children_.remove_if([&](child const& x) { return &x == &c; });
}

void zygote_loop::end() {
  for (child const& c : children_) c.process.send_signal(SIGKILL);
  while (!children_.empty()) reap(children_.front());
  _exit(0);
}

bool same_secret(char const* text, secret const& s) {
  std::string expected;
  for (std::byte const b : s) {
    char two[3];
    snprintf(two, sizeof two, "%02x", std::to_integer<unsigned>(b));
    expected += two;
  }
  return expected == text;
}

// The variable alone proves nothing: a user may have exported it. The socket must hold the secret.
// Looked at by recv: an owner of the descriptor would close one that is not ours.
bool sent_by_a_program(char const* text) {
  secret s{};
  return recv(role_socket, s.data(), s.size(), MSG_DONTWAIT) == std::ssize(s) &&
         same_secret(text, s);
}

void set_up() {
  setpgid(0, 0);             // Ctrl-C in the program's terminal is the program's to handle
  signal(SIGCHLD, SIG_DFL);  // if the program ignores it, so would we, and no end were told
  prctl(PR_SET_NAME, "quartet-zygote");
  int const none = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (none >= 0) dup2(none, 0);  // workers must not take the program's input
  if (none > 2) close(none);
  fcntl(role_socket, F_SETFD, FD_CLOEXEC);
  fcntl(role_parent, F_SETFD, FD_CLOEXEC);
}

}  // namespace

void link_zygote() noexcept {}

void leave(int code) noexcept {
  fflush(nullptr);
  _exit(code);
}

}  // namespace quartet::detail::processes

extern "C" void quartet_become_zygote() {
  using namespace quartet::detail::processes;
  char const* const text = getenv(role_variable);
  if (text == nullptr) return;
  std::string const kept = text;
  if (!sent_by_a_program(kept.c_str())) return;
  unsetenv(role_variable);
  try {
    set_up();
    zygote_loop().run();
  } catch (std::exception const& e) {
    fprintf(stderr, "quartet: the parent of the worker processes has failed: %s\n", e.what());
    _exit(70);
  }
}
