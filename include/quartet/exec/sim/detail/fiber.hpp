// SPDX-License-Identifier: Apache-2.0
// A stack of its own that a thread can go on with: what the simulator runs threads on.
#pragma once

#include <cstddef>

#include <quartet/seam/context.hpp>

namespace quartet::detail::sim {

/// One flow of control. A switch keeps, besides the registers, what belongs to a thread and not to
/// a stack: quartet's context, the exceptions in flight, errno. Sanitizers are told of it.
/// Threads: all fibers that switch among each other belong to one thread. Stop: not concerned.
/// Errors: std::system_error if there is no memory for a stack.
/// Lifetime: destroyed when it has ended, or abandoned: then nothing on its stack is destroyed.
class fiber {
 public:
  using body = void (*)(void*);
  static constexpr std::size_t stack_size = 256 * 1024;

  /// The calling thread as it is.
  fiber() noexcept;
  /// Will run `run(argument)`, which never returns: its last act is a switch to another fiber.
  /// `own` is its context to begin with.
  fiber(body run, void* argument, seam::context* own);
  /// Begins anew on the same stack, once it has ended.
  void restart(body run, void* argument, seam::context* own) noexcept;
  fiber(fiber const&) = delete;
  fiber& operator=(fiber const&) = delete;
  ~fiber();

  /// Goes on in `*this`; returns when somebody switches back to `from`, the one that runs now.
  void enter_from(fiber& from) noexcept;
  /// The same for the last time: `from` has ended.
  [[noreturn]] void enter_after(fiber& from) noexcept;
  /// Of the calling thread as it is: as it is now, be it another thread than before.
  void refresh() noexcept;
  /// Keeps the stack for ever: it was left in the middle.
  void abandon() noexcept;
  /// Whether `address` lies where the stack would go on if it were larger.
  bool guards(void const* address) const noexcept;

 private:
  struct exceptions {  // what the C++ runtime keeps for each thread
    void* caught = nullptr;
    unsigned uncaught = 0;
  };
  void prepare() noexcept;
  void begin() noexcept;
  void arrive() noexcept;
  void switch_from(fiber& from) noexcept;

  void* top_ = nullptr;     // of the saved stack, while it does not run
  void* memory_ = nullptr;  // a guard and the stack; null: the thread's own
  body run_ = nullptr;
  void* argument_ = nullptr;
  seam::context* context_ = nullptr;  // these three: while it does not run
  exceptions exceptions_;
  int error_ = 0;
  exceptions* now_caught_ = nullptr;  // the thread's own, and its errno: handed on at each switch,
  int* now_error_ = nullptr;          // since to ask for the address costs a call
  void const* bottom_ = nullptr;      // where the stack lies; of a thread's own, once it is known
  std::size_t size_ = 0;
  fiber* came_from_ = nullptr;  // who was left for us last
  void* shadow_ = nullptr;      // a sanitizer's record of us: dear to make, so it is kept
};

}  // namespace quartet::detail::sim
