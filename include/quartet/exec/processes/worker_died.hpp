// SPDX-License-Identifier: Apache-2.0
// The error of a call whose worker process ended while it ran.
#pragma once

#include <stdexcept>
#include <string>

namespace quartet {

/// A worker process ended during a call: it crashed, was killed from outside, or the call made it
/// exit. Only that call fails; calls that waited behind it in the same worker run in another.
/// Threads: a value. Stop: a worker that quartet itself ended, for a stop or a timeout, gives
/// `stopped` or `timed_out` instead. Errors: is one. Lifetime: owns its texts.
class worker_died : public std::runtime_error {
 public:
  /// `signal` 0: it exited with `exit_code`.
  worker_died(int pid, int signal, int exit_code, std::string const& call);

  int pid() const noexcept { return pid_; }
  /// The signal that ended it, 0 if it exited.
  int signal() const noexcept { return signal_; }
  /// What it exited with; 0 too is no success, the call gave no result. -1 if a signal ended it.
  int exit_code() const noexcept { return exit_code_; }
  /// The name given in submit_options, else the type of the function.
  std::string const& call() const noexcept { return call_; }

 private:
  int pid_;
  int signal_;
  int exit_code_;
  std::string call_;
};

}  // namespace quartet
