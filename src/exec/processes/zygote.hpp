// SPDX-License-Identifier: Apache-2.0
// The program's side of its zygote: the small process that forks the workers and stays their
// parent.
#pragma once

#include <memory>
#include <span>

#include <quartet/os/pidfd.hpp>
#include <quartet/os/socket_pair.hpp>

#include "protocol.hpp"

namespace quartet::detail::processes {

/// One for all pools and processes whose workers get the same share of the processors; started at
/// the first use, ended with the last user.
///
/// It watches the pidfd of this program and ends with it, however it ends; its workers end with it
/// by their death signal. So no thread of ours has to live as long as the workers.
/// Threads: all members concurrently. Stop: does not wait.
/// Errors: std::system_error if the system refuses; std::logic_error if the program has no guard.
/// Lifetime: shared; the destructor ends and reaps it, but not in a forked copy of the program.
class zygote {
 public:
  /// `threads_each`: what OMP_NUM_THREADS and its like will be in the workers; 0: as they are.
  static std::shared_ptr<zygote> get(unsigned threads_each);

  explicit zygote(unsigned threads_each);
  zygote(zygote const&) = delete;
  zygote& operator=(zygote const&) = delete;
  ~zygote();

  /// Asks for a worker. `descriptors[0]` is its line, over which all answers come.
  /// Errors: std::system_error EPIPE if the zygote has died.
  void ask(request what, std::span<int const> descriptors);

  /// Readable when it has ended.
  os::pidfd const& process() const noexcept { return process_; }
  bool alive() const;

 private:
  os::packet_socket socket_;
  os::pidfd process_;
  int owner_;  // our pid: a forked copy of us must leave it alone
};

}  // namespace quartet::detail::processes
