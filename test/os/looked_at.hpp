// SPDX-License-Identifier: Apache-2.0
// Threads to look at: one that waits in a system call, one that goes round in a circle, one that
// computes.
#pragma once

#include <atomic>
#include <thread>
#include <unistd.h>

#include <quartet/os/thread_look.hpp>

namespace quartet {

/// Reads from an empty pipe until the scope ends.
class waiting_thread {
 public:
  waiting_thread() {
    if (pipe(ends_) != 0) std::abort();
    thread_ = std::thread([this] {
      bottom_ = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
      id_ = os::own_thread_id();
      wait_here();
      asm volatile("" ::: "memory");  // a call, not a jump
    });
    while (id_ == 0) std::this_thread::yield();
  }
  ~waiting_thread() {
    if (write(ends_[1], "x", 1) != 1) std::abort();
    thread_.join();
    close(ends_[0]);
    close(ends_[1]);
  }
  int id() const { return id_; }
  /// Of the stack, as far as this class is concerned.
  std::uintptr_t bottom() const { return bottom_; }
  [[gnu::noinline]] void wait_here() {
    char c = 0;
    while (read(ends_[0], &c, 1) != 1) {
    }
  }

 private:
  int ends_[2];
  std::uintptr_t bottom_ = 0;
  std::atomic<int> id_{0};
  std::thread thread_;
};

/// What it is when it waits in the system call that it will not leave.
inline os::thread_look look_when_waiting(int id) {
  os::thread_look look;
  do look = *os::look_at_thread(id);
  while (!look.waits);
  return look;
}

/// Does not end before the scope does: by default waits for that, without rest.
class spinning_thread {
 public:
  spinning_thread() : spinning_thread(&go_round) {}
  template <class F> explicit spinning_thread(F body) {
    thread_ = std::thread([this, body] {
      id_ = os::own_thread_id();
      body(end_);
      asm volatile("" ::: "memory");  // as above
    });
    while (id_ == 0) std::this_thread::yield();
  }
  ~spinning_thread() {
    __atomic_store_n(&end_, true, __ATOMIC_RELEASE);
    thread_.join();
  }
  int id() const { return id_; }
  __attribute__((no_sanitize("thread", "address"), noinline)) static void go_round(
      bool const& end) {
    while (!__atomic_load_n(&end, __ATOMIC_ACQUIRE)) {
    }
  }

 private:
  std::atomic<int> id_{0};
  bool end_ = false;
  std::thread thread_;
};

}  // namespace quartet
