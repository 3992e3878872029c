// SPDX-License-Identifier: Apache-2.0
// Processes by fork.
#include "apart.hpp"

#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <quartet/os/error.hpp>

namespace quartet::jobs::races {

namespace {

/// What a run that fails says about it, and its core, are nothing that anybody waits for.
void be_quiet() {
  prctl(PR_SET_DUMPABLE, 0);
  int const nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
}

/// With its parent it ends, too, even if that one is killed.
void end_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(apart::could_not);
}

[[noreturn]] void live(pid_t parent, void (*work)(void*), void* argument) {
  end_with(parent);
  be_quiet();
  try {
    work(argument);
  } catch (...) {
    _exit(apart::could_not);
  }
  _exit(0);
}

}  // namespace

shared_memory::shared_memory(std::size_t bytes) : size_(bytes) {
  data_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (data_ == MAP_FAILED) os::throw_errno("no memory to share with a process");
}

shared_memory::~shared_memory() { munmap(data_, size_); }

void apart::start(void (*work)(void*), void* argument) {
  pid_t const parent = getpid(), child = fork();
  if (child < 0) os::throw_errno("cannot start a process");
  if (child == 0) live(parent, work, argument);
  try {
    process_ = os::pidfd::open(child);
  } catch (...) {  // it could not be waited for
    ::kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    throw;
  }
}

apart::~apart() {
  if (reaped_ || !process_) return;
  kill();
  end();
}

void apart::kill() { process_.send_signal(SIGKILL); }

seam::process_end apart::end() {
  reaped_ = true;
  return process_.wait();
}

void ended_badly(char const* what, seam::process_end how) {
  throw std::runtime_error("a process that " + std::string(what) + " a small bug has ended with " +
                           (how.signalled ? "signal " : "code ") + std::to_string(how.code) +
                           "; is there room for more threads and their stacks?");
}

}  // namespace quartet::jobs::races
