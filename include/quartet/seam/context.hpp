// SPDX-License-Identifier: Apache-2.0
// The one thread-local pointer of quartet: which machine a thread runs on, and what it executes.
#pragma once

namespace quartet::seam {

class machine;

/// What a thread knows of itself. The pointer to it is the only thread-local variable in quartet,
/// so that a fiber switch has one word to exchange.
/// Threads: belongs to its thread. Stop: not concerned. Errors: none.
/// Lifetime: made by whoever starts the thread or enters an executor, on that one's stack.
struct context {
  machine* on = nullptr;      ///< null: the machine as it is
  void* execution = nullptr;  ///< core's record of what runs here; null outside executors
  void const* identity =
      nullptr;  ///< the thread's, handed on to contexts within; null: our address
};

namespace detail {
/// What `current` gives. Read once in a function, before anything that may switch to another fiber:
/// it may come back on another thread, whose pointer lies elsewhere. Found without asking the
/// linker at run time (`initial-exec`): it is one word.
[[gnu::visibility("hidden"),
  gnu::tls_model("initial-exec")]] extern constinit thread_local context* self;
}  // namespace detail

/// The calling thread's context; null on a thread that never entered quartet.
/// Not inlined by Clang, which keeps the address of a thread-local across a suspension point, after
/// which a coroutine may run on another thread. GCC makes functions of a coroutine's pieces before
/// it looks for what to keep.
#if defined(__clang__)
context* current() noexcept;
#else
inline context* current() noexcept { return detail::self; }
#endif

/// Exchanges the calling thread's context; returns the one before.
context* exchange_current(context*) noexcept;

/// A value that differs between threads (and fibers) that exist at the same time, and stays the
/// same on each, whatever scopes it enters.
void const* thread_identity() noexcept;

}  // namespace quartet::seam
