// SPDX-License-Identifier: Apache-2.0
// Ctrl-C asks for a tidy end, once.
#pragma once

#include <array>
#include <signal.h>

#include <quartet/core/stop.hpp>
#include <quartet/os/fd.hpp>
#include <quartet/seam/thread.hpp>

namespace quartet::cli {

/// While it lives, the first SIGINT or SIGTERM requests a stop of `stop`; after it that signal has
/// its usual effect again, so a second one kills. A signal that was ignored stays ignored.
///
/// A handler may not take locks, and a request does. So the handler only writes to a pipe, and a
/// thread that reads from it makes the request. Blocking the signals and reading a signalfd was
/// refused: worker processes would inherit the blocked mask.
///
/// One at a time in a process.
class ctrl_c {
 public:
  explicit ctrl_c(stop_source& stop);
  ctrl_c(ctrl_c const&) = delete;
  ctrl_c& operator=(ctrl_c const&) = delete;
  ~ctrl_c();

  /// The signal that came; 0 if none did.
  int signal() const noexcept;

 private:
  struct taken {
    int signal;
    struct sigaction before;
  };
  static void handle(int signal) noexcept;
  void take(taken& t) noexcept;

  os::fd read_end_;
  os::fd write_end_;
  std::array<taken, 2> taken_;
  seam::thread listener_;
};

}  // namespace quartet::cli
