// SPDX-License-Identifier: Apache-2.0
// The functions of the cases, each also as a coroutine, and how they talk to the test from whatever
// process they run in: through files.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <quartet/core/scope.hpp>
#include <quartet/core/task.hpp>
#include <quartet/core/yield.hpp>

namespace conformance {

/// A folder of its own for a cell, removed at the end.
class scratch {
 public:
  scratch();
  ~scratch();
  scratch(scratch const&) = delete;
  scratch& operator=(scratch const&) = delete;
  std::string file(char const* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// A pipe with a name: a call waits at it until the test, or another call, opens it.
class gate {
 public:
  explicit gate(std::string path);
  ~gate();
  gate(gate const&) = delete;
  gate& operator=(gate const&) = delete;
  std::string const& path() const noexcept { return path_; }
  /// Lets `n` calls pass. Blocks: never.
  void open(unsigned n = 1);
  /// Blocks until a call has opened it.
  void wait();
  /// Whether `wait` would return at once.
  bool is_open() const;

 private:
  std::string path_;
  int fd_;
};

void wait_at(std::string const& path);  ///< blocks the thread
void open_gate(std::string const& path);
void mark(std::string const& path);          ///< adds one byte to a file
std::size_t marks(std::string const& path);  ///< how many there are

inline int twice(int x) { return 2 * x; }
inline quartet::task<int> twice_later(int x) {
  co_await quartet::yield();
  co_return 2 * x;
}

inline void mark_now(std::string path) { mark(path); }
inline quartet::task<> mark_later(std::string path) {
  mark(path);
  co_await quartet::yield();
}

inline int pass(std::string path) {
  wait_at(path);
  return 1;
}
inline quartet::task<int> pass_later(std::string path) {
  wait_at(path);
  co_await quartet::yield();
  co_return 1;
}

}  // namespace conformance
