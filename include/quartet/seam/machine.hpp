// SPDX-License-Identifier: Apache-2.0
// The machine as it is, or a stand-in for it: everything that waits, transfers or tells the time.
#pragma once

#include <cstddef>
#include <cstdint>

#include <quartet/seam/clock.hpp>
#include <quartet/seam/operation.hpp>

struct epoll_event;
struct msghdr;

#ifndef QUARTET_SIM
#define QUARTET_SIM 1  // 0 removes the flag test from every operation
#endif

namespace quartet::seam {

/// How a futex wait ended.
enum class wake { woken, changed, timed_out };

/// A started thread, seen from whoever joins it.
struct thread_handle;

/// What must hold as long as it is watched.
struct watched_check;

/// Where somebody looks whether a scope was asked to stop, or is about to listen, or does now.
struct checkpoint {
  void* scope;
  void (*hold)(void* scope) noexcept;  ///< keeps the scope for a `request` that is to come
  void (*request)(void* scope);        ///< asks for the stop, and lets go of the scope
};

/// What a new process is to be: `argv` and `environment` end with null; `keep[i]` becomes
/// descriptor `3 + i`, 0 to 2 are inherited, all others are closed.
struct process_plan {
  char const* path;
  char const* const* argv;
  char const* const* environment;
  int const* keep;
  std::size_t keep_count;
};

/// A started process: a descriptor that becomes readable when it ends.
struct process_handle {
  int pid;
  int pidfd;
};

/// How a process ended; `code` is the exit code, or the signal if `signalled`.
struct process_end {
  bool signalled;
  int code;
};

/// The machine: one virtual function for each thing that a program can only get from outside.
/// The base class is the real Linux machine; a recorder or a simulator overrides.
/// Threads: all members concurrently. Stop: not concerned.
/// Errors: descriptors calls return -1 with errno like their system calls.
/// Lifetime: outlives every thread that runs on it.
class machine {
 public:
  machine() = default;
  machine(machine const&) = delete;
  machine& operator=(machine const&) = delete;
  virtual ~machine() = default;

  /// Called in front of every synchronising operation of the calling thread.
  virtual void at(operation const&) noexcept {}
  /// Called after an operation of which only the outcome says what it did: whether a
  /// compare-exchange exchanged (if not it was a load), whether a try_lock locked. Its `order` is
  /// the one that took effect.
  virtual void done(operation const&, bool /*took*/) noexcept {}
  /// The two operations of a `mutex`, whose word it is: `at`, and then what becomes of the word. A
  /// machine that knows who holds it can do with less.
  virtual void lock_mutex(std::atomic<std::uint32_t>& word, char const* file, unsigned line,
                          char const* function) noexcept;
  virtual void unlock_mutex(std::atomic<std::uint32_t>& word, char const* file, unsigned line,
                            char const* function) noexcept;
  /// What is no operation but helps to explain one: which tasks wait, and who owns what.
  virtual void task(task_note const&) noexcept {}
  /// Called in front of every use of plain data that a program wants watched (`shared`).
  virtual void use(data_use const&) noexcept {}
  /// A `check` failed. Ends the run, or returns: then the program ends.
  virtual void failed(char const* /*what*/, place) noexcept {}
  /// What `sometimes` asks for is true here, or not.
  virtual void reached(char const* /*what*/, bool /*here*/, place) noexcept {}
  /// Whether something goes wrong here and now that may: a `fault` of that name, `out_of_memory`
  /// or `weak_failure`.
  virtual bool fault(kind, char const* /*name*/, place) noexcept { return false; }
  /// No fault happens any more.
  virtual void faults_end() noexcept {}
  /// Called at every checkpoint. The machine may have the stop requested, on a thread of its own.
  virtual void at_checkpoint(checkpoint const&) noexcept {}
  /// `c` must hold from now on until `unwatch`. A machine that cannot look after every step looks
  /// when it is told of the two, and no longer.
  virtual void watch(watched_check const& c) noexcept;
  virtual void unwatch(watched_check const& c) noexcept;

  virtual wake futex_wait(std::uint32_t const* word, std::uint32_t expected,
                          time_point deadline) noexcept;
  virtual void futex_wake(std::uint32_t const* word, int count) noexcept;
  virtual time_point now() noexcept;
  virtual std::uint64_t entropy() noexcept;
  /// The machine on which threads started here run, and which therefore outlives them.
  virtual machine& of_threads() noexcept { return *this; }
  virtual thread_handle* start_thread(void (*body)(void*), void* argument, char const* name);
  virtual void join_thread(thread_handle*) noexcept;
  virtual void yield_thread() noexcept;
  /// epoll_wait with an absolute deadline of nanosecond resolution.
  virtual int poll(int poller, epoll_event* events, int capacity, time_point deadline) noexcept;
  virtual std::ptrdiff_t read(int fd, void* to, std::size_t size) noexcept;
  virtual std::ptrdiff_t write(int fd, void const* from, std::size_t size) noexcept;
  virtual std::ptrdiff_t send(int fd, msghdr const* message, int flags) noexcept;
  virtual std::ptrdiff_t receive(int fd, msghdr* message, int flags) noexcept;
  virtual process_handle start_process(process_plan const&) noexcept;
  /// Blocks until the process ends. Errors: signalled false and code -1 if it is not our child.
  virtual process_end wait_process(int pidfd) noexcept;

 protected:
  // Of `lock_mutex` and `unlock_mutex` what comes after `at`.
  void lock_word(std::atomic<std::uint32_t>& word) noexcept;
  void unlock_word(std::atomic<std::uint32_t>& word) noexcept;
};

/// The machine as it is.
machine& real_machine() noexcept;

/// The machine of the calling thread.
machine& this_machine() noexcept;

/// How many scopes of this process are on a machine that is not the real one.
/// It is the one flag that the fast paths test; a count, so that a scope that ends beside one that
/// begins cannot switch it off. Hidden, so that a test in position-independent code is a comparison
/// and a jump: whoever links quartet into a shared library links all of it there.
extern constinit std::atomic<int> hot [[gnu::visibility("hidden")]];

/// Whether operations must announce themselves.
inline bool hooked() noexcept {
#if !QUARTET_SIM
  return false;
#elif defined(__x86_64__)
  bool yes;  // compilers load an atomic into a register first
  asm("cmpl $0, %1" : "=@ccne"(yes) : "m"(reinterpret_cast<int const&>(hot)));
  return yes;
#else
  return hot.load(std::memory_order_relaxed) != 0;
#endif
}

/// Calls `f`, which is the rare way of a short function: out of line, so that the common way needs
/// no registers for it. `f` captures by value.
template <class F> [[gnu::noinline]] auto rarely(F f) noexcept { return f(); }

/// Whether the calling thread runs on a machine that is not the real one. Asked once, where
/// something is made that has a form for each.
inline bool simulated() noexcept { return hooked() && &this_machine() != &real_machine(); }

namespace detail {
// A place in parts: whole it would be written to the stack in front of the test.
[[gnu::cold, gnu::noinline]] void announce(kind what, void const* object, bool writes,
                                           std::memory_order order, char const* file, unsigned line,
                                           char const* function) noexcept;
[[gnu::cold, gnu::noinline]] void announce_done(kind what, void const* object, bool took,
                                                std::memory_order order, char const* file,
                                                unsigned line, char const* function) noexcept;
}  // namespace detail

/// Tells the calling thread's machine what is about to happen.
inline void announce(kind what, void const* object, bool writes, std::memory_order order,
                     place where) noexcept {
  detail::announce(what, object, writes, order, where.file, where.line, where.function);
}

/// Tells it how an operation ended that was announced before.
inline void announce_done(kind what, void const* object, bool took, std::memory_order order,
                          place where) noexcept {
  detail::announce_done(what, object, took, order, where.file, where.line, where.function);
}

/// Runs the calling thread, and the threads it starts, on `m` until the scope ends.
/// Threads: belongs to its thread. Stop: not concerned. Errors: none.
/// Lifetime: `m` outlives the scope and every thread started in it.
class machine_scope {
 public:
  explicit machine_scope(machine& m) noexcept;
  machine_scope(machine_scope const&) = delete;
  machine_scope& operator=(machine_scope const&) = delete;
  ~machine_scope();

 private:
  machine* before_;
  bool made_;  // whether this scope made the thread's context
};

}  // namespace quartet::seam
