// SPDX-License-Identifier: Apache-2.0
// What a running thread has in its registers and on its stack, seen through a signal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <quartet/seam/atomic.hpp>

namespace quartet::os {

/// One moment of a thread. Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct thread_sample {
  std::uintptr_t code;   ///< the instruction
  std::uintptr_t stack;  ///< the top of the stack
  std::uintptr_t frame;  ///< the frame pointer, or what else is in that register
  /// A digest of the registers, on aarch64 but the vector ones, and of the stack's innermost part.
  std::uint64_t content;
  std::chrono::nanoseconds cpu;  ///< CPU time of the thread since it began
  bool in_system_call;           ///< at the end of one

  /// Whether the thread was at the same place in the same state. If it has run meanwhile (see
  /// `cpu`), it goes round in a circle: it has done nothing that it remembers itself.
  bool repeats(thread_sample const& before) const noexcept {
    return code == before.code && stack == before.stack && content == before.content;
  }
};

/// Takes samples of threads of this process by SIGURG, which is ignored unless somebody handles it.
/// Meant for threads that run: one that waits in a system call may see it end with EINTR, although
/// the handler asks for its restart.
/// Threads: `take` concurrently. Stop: not concerned.
/// Errors: as `take` says. Lifetime: one for the process, never destroyed.
class thread_sampler {
 public:
  static thread_sampler& of_process() noexcept;

  /// Nothing if the program handles that signal itself, if the thread blocks it or is gone, if it
  /// does not get to run within `patience`, while another takes one, and in the child of a fork
  /// whose parent has taken one. Nothing ever again once a thread stopped in the middle of its
  /// answer. Blocks: the caller, for a millisecond at least (a thread that is asked without a rest
  /// does nothing else), then up to `patience` (negative: zero), and ten seconds for an answer that
  /// has begun.
  std::optional<thread_sample> take(int thread, std::chrono::milliseconds patience) noexcept;

 private:
  thread_sampler() noexcept;
  std::optional<thread_sample> take_alone(int thread, int milliseconds) noexcept;

  seam::atomic<bool> busy_{false};
  int home_ = 0;  // the process whose handler rings our bell; 0: no handler
};

}  // namespace quartet::os
