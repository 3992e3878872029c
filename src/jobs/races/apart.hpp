// SPDX-License-Identifier: Apache-2.0
// A piece of work in a process of its own, in which it may end as it likes, or never.
#pragma once

#include <cstddef>
#include <new>

#include <quartet/os/pidfd.hpp>

namespace quartet::jobs::races {

/// Memory that this process shares with those it starts later, of zeros.
/// Threads: as memory. Stop: not concerned. Errors: std::system_error if there is none.
/// Lifetime: unmapped here by the destructor; children keep theirs.
class shared_memory {
 public:
  explicit shared_memory(std::size_t bytes);
  shared_memory(shared_memory const&) = delete;
  shared_memory& operator=(shared_memory const&) = delete;
  ~shared_memory();
  void* data() const noexcept { return data_; }

 private:
  std::size_t const size_;
  void* data_;
};

/// A `T` there.
template <class T> class shared_with_child {
 public:
  shared_with_child() : memory_(sizeof(T)), there_(new (memory_.data()) T) {}
  T* operator->() const noexcept { return there_; }

 private:
  shared_memory memory_;
  T* there_;
};

/// A copy of this process that does `work()`, prints nothing and ends. The thread that starts it
/// should be the only one.
/// Threads: belongs to one. Stop: not concerned. Errors: std::system_error if none can be started.
/// Lifetime: what it is given is copied; it is killed by the destructor, or by our end.
class apart {
 public:
  static constexpr int could_not = 70;  ///< its exit code after an exception

  template <class F> explicit apart(F& work) {
    start([](void* f) { (*static_cast<F*>(f))(); }, &work);
  }
  apart(apart const&) = delete;
  apart& operator=(apart const&) = delete;
  ~apart();

  /// Blocks: until it ends, or until the deadline. Whether it has ended.
  bool ends_by(time_point deadline) const { return process_.ends_by(deadline); }
  void kill();
  /// Blocks: until it ends. Once.
  seam::process_end end();

 private:
  void start(void (*work)(void*), void* argument);
  os::pidfd process_;
  bool reaped_ = false;
};

/// Throws std::runtime_error: a process that does `what` has ended like this.
[[noreturn]] void ended_badly(char const* what, seam::process_end how);

}  // namespace quartet::jobs::races
