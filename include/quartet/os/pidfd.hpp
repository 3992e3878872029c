// SPDX-License-Identifier: Apache-2.0
// A process held by descriptor: signals reach it or nobody, never a stranger with its old number.
#pragma once

#include <quartet/os/fd.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet::os {

/// Owns a pidfd. Its descriptor becomes readable when the process ends, so it can be polled.
/// Threads: all const members concurrently; only one may `wait`. Stop: not concerned.
/// Errors: std::system_error.
/// Lifetime: closing it neither ends nor reaps the process; a child ends as zombie until `wait`.
class pidfd {
 public:
  pidfd() noexcept = default;
  /// Takes a pidfd over, for example that of `seam::process_handle`.
  explicit pidfd(fd owned) noexcept : fd_(static_cast<fd&&>(owned)) {}
  /// Errors: std::system_error if there is no such process.
  static pidfd open(int pid);

  explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
  int descriptor() const noexcept { return fd_.get(); }

  /// Sends `signal` (0: only asks); false if the process has been reaped.
  /// Errors: std::system_error if it may not be signalled, or there is no such signal.
  bool send_signal(int signal) const;

  /// Whether the process ends by `deadline`; it need not be our child. It is not reaped.
  /// Blocks: the thread.
  bool ends_by(time_point deadline, place where = place::here()) const;

  /// Waits for the end of our child and reaps it. Blocks: the thread.
  /// Errors: std::system_error if it is not our child, or was reaped.
  seam::process_end wait(place where = place::here());

 private:
  fd fd_;
};

}  // namespace quartet::os
