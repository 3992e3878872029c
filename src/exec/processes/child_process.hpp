// SPDX-License-Identifier: Apache-2.0
// The program's view of a plain process.
#pragma once

#include <memory>
#include <optional>

#include <quartet/exec/processes/process.hpp>
#include <quartet/os/memory_file.hpp>
#include <quartet/os/poller.hpp>
#include <quartet/seam/home_process.hpp>
#include <quartet/seam/mutex.hpp>

#include "zygote.hpp"

namespace quartet::detail::processes {

/// Threads: all members concurrently. Errors: std::system_error.
class child_process {
 public:
  child_process(entry run, wire::buffer const& request);

  /// Whether it is another process's, from which this one was forked.
  bool is_elsewhere() const noexcept { return home_.is_elsewhere(); }
  int pid() const noexcept { return pid_; }
  void signal(int number);
  std::optional<process_status> status();
  process_status wait();

 private:
  void read_line();

  seam::home_process home_;
  std::shared_ptr<zygote> zygote_;
  os::memory_file memory_;
  os::packet_socket line_;
  os::poller ending_;  // sees the line; made early, when a failure can still be told
  os::pidfd process_;
  int pid_ = 0;
  seam::mutex guard_;
  std::optional<process_status> ended_;  // guarded
};

}  // namespace quartet::detail::processes
