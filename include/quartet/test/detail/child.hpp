// SPDX-License-Identifier: Apache-2.0
// A piece of work in a process of its own, which may crash or hang without harm.
#pragma once

#include <cstddef>
#include <string>

#include <quartet/seam/clock.hpp>

namespace quartet::detail {

/// Memory that a process and its children share, of zeros.
/// Threads: as memory. Stop: not concerned. Errors: std::system_error if there is none.
/// Lifetime: unmapped here by the destructor; children keep theirs.
class shared_pages {
 public:
  explicit shared_pages(std::size_t bytes);
  shared_pages(shared_pages const&) = delete;
  shared_pages& operator=(shared_pages const&) = delete;
  ~shared_pages();
  void* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

 private:
  void* data_;
  std::size_t size_;
};

/// How a child ended.
struct child_end {
  int code = 0;         ///< its exit code
  int signal = 0;       ///< 0: it was not killed
  bool hung = false;    ///< it was killed by us, since it made no progress
  std::string answer;   ///< what its work left
  std::string printed;  ///< the end of what it wrote to standard output and error
  bool well() const noexcept { return code == 0 && signal == 0 && !hung; }
};

/// A child that runs `work(argument, answer)`; an exception that leaves it is exit code 70.
/// Threads: belongs to one, which had better be the only one: the child has no other.
/// Stop: not concerned. Errors: std::system_error if none can be started.
/// Lifetime: killed and reaped by the destructor if it was not waited for; ends with the thread
/// that made it, even if that one is killed.
class child {
 public:
  child(void (*work)(void*, std::string&), void* argument);
  child(child const&) = delete;
  child& operator=(child const&) = delete;
  ~child();
  /// Blocks: until the child ends, or `progress(progress_of)` stays the same for `patience`.
  child_end wait(unsigned long (*progress)(void*), void* progress_of, duration patience);

 private:
  int pid_ = -1;  // -1: reaped
  int answer_ = -1;
  int printed_ = -1;
};

/// Runs `work(answer)` in a child and waits for it.
template <class F> child_end in_child(duration patience, F work) {
  child c([](void* f, std::string& answer) { (*static_cast<F*>(f))(answer); }, &work);
  return c.wait([](void*) { return 0UL; }, nullptr, patience);
}

}  // namespace quartet::detail
