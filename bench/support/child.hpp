// SPDX-License-Identifier: Apache-2.0
// A forked child and memory shared with it, for the hand-made limits.
#pragma once

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {

/// Runs `serve()` in a child, which is killed at the end of the scope or with its parent.
class child {
 public:
  template <class Serve> explicit child(Serve&& serve) : pid_{fork()} {
    if (pid_ < 0) {
      std::perror("fork");
      std::exit(1);
    }
    if (pid_ > 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve();
    _exit(0);
  }
  child(child const&) = delete;
  child& operator=(child const&) = delete;
  ~child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_;
};

/// A T that children see too. It lives as long as the program.
template <class T> T& make_shared_memory() {
  void* memory =
      mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    std::perror("mmap");
    std::exit(1);
  }
  return *new (memory) T;
}

}  // namespace bench
