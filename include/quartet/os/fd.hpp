// SPDX-License-Identifier: Apache-2.0
// An owned file descriptor.
#pragma once

#include <utility>

namespace quartet::os {

/// Owns a descriptor and closes it. Move-only.
/// Threads: a value. Stop: not concerned. Errors: none; closing cannot be repeated, so its result
/// is not looked at. Lifetime: the descriptor lives until the owner ends, `reset` or `release`.
class fd {
 public:
  fd() noexcept = default;
  /// Takes `number` over; negative means none.
  explicit fd(int number) noexcept : number_(number < 0 ? -1 : number) {}
  fd(fd&& other) noexcept : number_(other.release()) {}
  fd& operator=(fd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  ~fd() { reset(); }

  /// The number, -1 if there is none. Stays owned here.
  int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

  /// Gives the descriptor to the caller, who must close it.
  [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }

  /// Closes what is owned and owns `number` instead. Keeps errno.
  void reset(int number = -1) noexcept;

  /// A second descriptor for the same open file, closed on exec.
  /// Errors: std::system_error if there are too many, or nothing to duplicate.
  fd duplicate() const;

 private:
  int number_ = -1;  // -1: none
};

/// `result` of a system call as an owned descriptor.
/// Errors: std::system_error from errno with `what` if it is negative.
fd checked(int result, char const* what);

}  // namespace quartet::os
