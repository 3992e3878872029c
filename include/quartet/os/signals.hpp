// SPDX-License-Identifier: Apache-2.0
// Signals blocked in a thread, or ignored by the process, for the time of a scope.
#pragma once

#include <initializer_list>
#include <signal.h>

namespace quartet::os {

/// Blocks signals in the calling thread until the scope ends, then restores its mask as it was.
/// Threads started inside inherit the blocked mask.
/// Threads: belongs to the thread that made it. Stop: not concerned.
/// Errors: a number that is no signal is an assertion. Lifetime: scopes end in reverse order.
class signal_block {
 public:
  explicit signal_block(std::initializer_list<int> signals) noexcept;
  /// Blocks all that can be blocked.
  static signal_block all() noexcept;
  signal_block(signal_block const&) = delete;
  signal_block& operator=(signal_block const&) = delete;
  ~signal_block();

  /// The mask of the thread before the scope: what a child process should get.
  sigset_t const& before() const noexcept { return before_; }

 private:
  explicit signal_block(sigset_t const& set) noexcept;
  sigset_t before_;
};

/// Ignores a signal in the whole process until the scope ends, then restores its action.
/// Threads: any, but one scope for a signal at a time. Stop: not concerned.
/// Errors: a signal that cannot be ignored is an assertion. Lifetime: scopes end in reverse order.
class signal_ignore {
 public:
  explicit signal_ignore(int signal) noexcept;
  signal_ignore(signal_ignore const&) = delete;
  signal_ignore& operator=(signal_ignore const&) = delete;
  ~signal_ignore();

 private:
  int signal_;
  struct sigaction before_;
};

}  // namespace quartet::os
