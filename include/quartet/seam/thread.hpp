// SPDX-License-Identifier: Apache-2.0
// A thread of this machine: the bare mechanism under executors.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include <quartet/seam/machine.hpp>

namespace quartet::seam {

/// Starts `f` in a thread that runs on the caller's machine; joined by the destructor.
/// Threads: belongs to its owner. Stop: not concerned; the owner tells `f` to end.
/// Errors: std::system_error if the system refuses another thread; `f` must not throw.
/// Lifetime: `f` is moved into the thread.
class thread {
 public:
  thread() noexcept = default;
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, thread>) explicit thread(
      F&& f, char const* name = "quartet", place where = place::here()) {
    using body = std::decay_t<F>;
    auto owned = std::make_unique<body>(std::forward<F>(f));
    start([](void* p) { (*std::unique_ptr<body>(static_cast<body*>(p)))(); }, owned.get(), name,
          where);
    owned.release();  // NOLINT(bugprone-unused-return-value): the thread owns it now
  }
  thread(thread&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)), on_(other.on_) {}
  thread& operator=(thread&& other) noexcept {
    if (joinable()) join();
    handle_ = std::exchange(other.handle_, nullptr);
    on_ = other.on_;
    return *this;
  }
  ~thread() {
    if (joinable()) join();
  }

  bool joinable() const noexcept { return handle_ != nullptr; }
  /// Blocks: the thread, until `f` has returned; not in the child of a fork, which has no such
  /// thread.
  void join(place where = place::here()) noexcept;

 private:
  void start(void (*body)(void*), void* argument, char const* name, place where);
  thread_handle* handle_ = nullptr;  // null: nothing to join
  machine* on_ = nullptr;            // the machine it runs on
};

/// Lets another thread run.
void yield_thread(place where = place::here()) noexcept;

/// A hint to the processor inside a spin loop.
inline void pause() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Unpredictable bits. Cost: a system call.
std::uint64_t entropy(place where = place::here()) noexcept;

}  // namespace quartet::seam
