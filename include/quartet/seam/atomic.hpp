// SPDX-License-Identifier: Apache-2.0
// Atomic variables that announce each operation when a machine is listening.
#pragma once

#include <atomic>

#include <quartet/seam/machine.hpp>

#if defined(__SANITIZE_THREAD__)
#define QUARTET_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define QUARTET_TSAN 1
#endif
#endif

namespace quartet::seam {

/// Stands where a place would: whoever passes it has seen that no machine listens, and the
/// operation does not test it again. A function that has several tests once, for all of them:
///   void f() {
///     if (seam::hooked()) [[unlikely]]
///       return seam::rarely([this] { f_as<place>(); });
///     f_as<seam::quiet>();
///   }
///   template <class W> void f_as() { x.load(seam::relaxed, W::here()); … }
/// Threads: a value. Stop: not concerned. Errors: none.
/// Lifetime: what was seen holds until the caller runs code that may enter a `machine_scope`.
struct quiet {
  static constexpr quiet here() noexcept { return {}; }
};

/// `std::atomic` whose operations name themselves to the machine; the order is always spelled out.
/// For structures whose fast path is plain loads and stores use `bare` (below) on that path.
/// Threads: all members concurrently. Stop: not concerned. Errors: none.
/// Lifetime: trivial; a futex wake may come after its destruction and is harmless then.
/// Cost: one predicted branch on a process-wide flag; none with QUARTET_SIM=0.
template <class T> class atomic {
 public:
  constexpr atomic() noexcept : v_{} {}
  constexpr explicit atomic(T x) noexcept : v_(x) {}

  T load(std::memory_order o, place w = place::here()) const noexcept {
    if (hooked()) [[unlikely]]
      announce(kind::load, this, false, o, w);
    return v_.load(o);
  }
  void store(T x, std::memory_order o, place w = place::here()) noexcept {
    if (hooked()) [[unlikely]]
      announce(kind::store, this, true, o, w);
    v_.store(x, o);
  }
  T exchange(T x, std::memory_order o, place w = place::here()) noexcept {
    if (hooked()) [[unlikely]]
      announce(kind::exchange, this, true, o, w);
    return v_.exchange(x, o);
  }
  /// Strong compare-exchange; on failure `expected` gets the value seen, with order `fail`.
  bool compare_exchange(T& expected, T desired, std::memory_order o, std::memory_order fail,
                        place w = place::here()) noexcept {
    if (hooked()) [[unlikely]] {
      T seen = expected;  // `expected` itself can then be in a register
      bool const took = announced_compare_exchange(seen, desired, o, fail, w);
      expected = seen;
      return took;
    }
    return v_.compare_exchange_strong(expected, desired, o, fail);
  }
  /// May fail although `expected` is there, so it belongs in a loop.
  bool compare_exchange_weak(T& expected, T desired, std::memory_order o, std::memory_order fail,
                             place w = place::here()) noexcept {
    if (hooked()) [[unlikely]]
      return announced_compare_exchange(expected, desired, o, fail, w, true);
    return v_.compare_exchange_weak(expected, desired, o, fail);
  }
  T fetch_add(T x, std::memory_order o, place w = place::here()) noexcept {
    if (hooked()) [[unlikely]]
      announce(kind::fetch_modify, this, true, o, w);
    return v_.fetch_add(x, o);
  }
  T fetch_sub(T x, std::memory_order o, place w = place::here()) noexcept {
    if (hooked()) [[unlikely]]
      announce(kind::fetch_modify, this, true, o, w);
    return v_.fetch_sub(x, o);
  }
  T fetch_or(T x, std::memory_order o, place w = place::here()) noexcept {
    if (hooked()) [[unlikely]]
      announce(kind::fetch_modify, this, true, o, w);
    return v_.fetch_or(x, o);
  }
  T fetch_and(T x, std::memory_order o, place w = place::here()) noexcept {
    if (hooked()) [[unlikely]]
      announce(kind::fetch_modify, this, true, o, w);
    return v_.fetch_and(x, o);
  }

  // For one who knows that no machine listens.
  T load(std::memory_order o, quiet) const noexcept { return v_.load(o); }
  void store(T x, std::memory_order o, quiet) noexcept { v_.store(x, o); }
  T exchange(T x, std::memory_order o, quiet) noexcept { return v_.exchange(x, o); }
  bool compare_exchange(T& expected, T desired, std::memory_order o, std::memory_order fail,
                        quiet) noexcept {
    return v_.compare_exchange_strong(expected, desired, o, fail);
  }
  T fetch_add(T x, std::memory_order o, quiet) noexcept { return v_.fetch_add(x, o); }
  T fetch_sub(T x, std::memory_order o, quiet) noexcept { return v_.fetch_sub(x, o); }

  /// The word itself, for a futex.
  T const* address() const noexcept { return reinterpret_cast<T const*>(&v_); }

  /// Fetches its line from whoever has it, to be written soon: a hint that orders nothing.
  void prefetch_for_write() const noexcept {
#if defined(__x86_64__)
    asm volatile("prefetchw %0" : : "m"(v_));  // the builtin only reads where -mprfchw is not set
#else
    __builtin_prefetch(&v_, 1);
#endif
  }

 private:
  [[gnu::cold]] bool announced_compare_exchange(T& expected, T desired, std::memory_order o,
                                                std::memory_order fail, place w,
                                                bool weak = false) noexcept {
    announce(kind::compare_exchange, this, true, o, w);
    bool took = false;
    if (weak && this_machine().fault(kind::weak_failure, "", w))
      expected = v_.load(fail);
    else
      took = v_.compare_exchange_strong(expected, desired, o, fail);
    announce_done(kind::compare_exchange, this, took, took ? o : fail, w);
    return took;
  }

  std::atomic<T> v_;
};

namespace detail {
/// The fence itself. The thread sanitizer does not model fences: there it is a read-modify-write.
inline void full_fence() noexcept {
#if defined(QUARTET_TSAN)
  static std::atomic<int> line{0};
  line.fetch_add(1, std::memory_order_seq_cst);
#elif defined(__x86_64__)
  asm volatile("lock; orl $0, (%%rsp)" ::: "memory", "cc");  // cheaper than mfence
#else
  std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}
}  // namespace detail

/// A full fence in the total order of seq_cst operations. Prefer an order on an operation.
inline void fence(place w = place::here()) noexcept {
  if (hooked()) [[unlikely]]
    announce(kind::fence, nullptr, true, seq_cst, w);
  detail::full_fence();
}
inline void fence(quiet) noexcept { detail::full_fence(); }

/// A full fence of the calling thread, and of every thread of the process that runs now: then the
/// others need only keep the compiler from moving (`std::atomic_signal_fence`) where a pair of
/// fences is wanted. For the side that is rare: a system call, which interrupts other processors.
/// False: it was a full fence of the calling thread alone.
bool heavy_fence(place w = place::here()) noexcept;
/// Whether the system has one for all.
bool heavy_fence_reaches_all() noexcept;

/// Seam policy of a structure that announces each operation: the simulated machine.
struct announced {
  template <class T> using atomic = seam::atomic<T>;
  static void fence(place w = place::here()) noexcept { seam::fence(w); }
};

/// Seam policy without any flag test: the fast path on the real machine.
struct bare {
  template <class T> class atomic {
   public:
    constexpr atomic() noexcept : v_{} {}
    constexpr explicit atomic(T x) noexcept : v_(x) {}
    T load(std::memory_order o) const noexcept { return v_.load(o); }
    void store(T x, std::memory_order o) noexcept { v_.store(x, o); }
    T exchange(T x, std::memory_order o) noexcept { return v_.exchange(x, o); }
    bool compare_exchange(T& e, T d, std::memory_order o, std::memory_order fail) noexcept {
      return v_.compare_exchange_strong(e, d, o, fail);
    }
    T fetch_add(T x, std::memory_order o) noexcept { return v_.fetch_add(x, o); }
    T fetch_sub(T x, std::memory_order o) noexcept { return v_.fetch_sub(x, o); }

   private:
    std::atomic<T> v_;
  };
  static void fence() noexcept { detail::full_fence(); }
};

}  // namespace quartet::seam
