// SPDX-License-Identifier: Apache-2.0
// The real Linux machine, and which machine a thread runs on.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <linux/futex.h>
#include <memory>
#include <new>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <quartet/seam/context.hpp>
#include <quartet/seam/home_process.hpp>
#include <quartet/seam/machine.hpp>
#include <quartet/seam/mutex.hpp>

#include "self.hpp"

namespace quartet::seam {

constinit std::atomic<int> hot{0};

char const* name(kind k) noexcept {
  static constexpr char const* names[] = {"load",
                                          "store",
                                          "exchange",
                                          "compare_exchange",
                                          "fetch_modify",
                                          "fence",
                                          "lock",
                                          "try_lock",
                                          "unlock",
                                          "wait",
                                          "block",
                                          "own",
                                          "disown",
                                          "suspend",
                                          "awake",
                                          "resume",
                                          "notify",
                                          "futex_wait",
                                          "futex_wake",
                                          "thread_start",
                                          "thread_join",
                                          "thread_yield",
                                          "poll",
                                          "transfer",
                                          "process_start",
                                          "process_wait",
                                          "clock",
                                          "entropy",
                                          "fault strikes",
                                          "no memory",
                                          "fails for no reason",
                                          "wakes for no reason",
                                          "takes its time"};
  return names[static_cast<unsigned>(k)];
}

namespace {

timespec to_timespec(time_point t) noexcept {
  auto const ns = t.time_since_epoch().count();
  return {static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
}

duration read_clock(clockid_t which) noexcept {
  timespec t;
  clock_gettime(which, &t);
  return duration(t.tv_sec * 1'000'000'000LL + t.tv_nsec);
}
time_point read_clock() noexcept { return time_point(read_clock(CLOCK_MONOTONIC)); }

timespec until(time_point deadline) noexcept {
  if (deadline <= time_point()) return {};  // whatever the time is
  auto const now = read_clock();
  return to_timespec(time_point(deadline > now ? deadline - now : duration::zero()));
}

}  // namespace

wake machine::futex_wait(std::uint32_t const* word, std::uint32_t expected,
                         time_point deadline) noexcept {
  // FUTEX_WAIT_BITSET takes an absolute time, and refuses one before the machine's start.
  timespec const at = to_timespec(std::max(deadline, time_point{}));
  long const r = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected,
                         deadline == never ? nullptr : &at, nullptr, FUTEX_BITSET_MATCH_ANY);
  if (r == 0) return wake::woken;
  return errno == ETIMEDOUT ? wake::timed_out : errno == EAGAIN ? wake::changed : wake::woken;
}

void machine::futex_wake(std::uint32_t const* word, int count) noexcept {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

// Not in futex.cpp: there the compiler would compare each machine with this one before it calls.
void machine::lock_mutex(std::atomic<std::uint32_t>& word, char const* file, unsigned line,
                         char const* function) noexcept {
  at({kind::lock, &word, true, acquire, {file, line, function}});
  lock_word(word);
}

void machine::lock_word(std::atomic<std::uint32_t>& word) noexcept {
  std::uint32_t seen = mutex::free;
  if (word.compare_exchange_strong(seen, mutex::told, acquire, relaxed)) return;  // (2)
  while (word.exchange(mutex::waited, acquire) != mutex::free)                    // (2)
    futex_wait(reinterpret_cast<std::uint32_t const*>(&word), mutex::waited, never);
}

void machine::unlock_mutex(std::atomic<std::uint32_t>& word, char const* file, unsigned line,
                           char const* function) noexcept {
  at({kind::unlock, &word, true, release, {file, line, function}});
  unlock_word(word);
}

void machine::unlock_word(std::atomic<std::uint32_t>& word) noexcept {
  if (word.exchange(mutex::free, release) == mutex::waited)  // (1)
    futex_wake(reinterpret_cast<std::uint32_t const*>(&word), 1);
}

time_point machine::now() noexcept { return read_clock(); }

std::uint64_t machine::entropy() noexcept {
  std::uint64_t x = 0;
  while (getrandom(&x, sizeof x, 0) != sizeof x) {
  }
  return x;
}

struct thread_handle {
  pthread_t id;
  void (*body)(void*);
  void* argument;
  char name[16];  // the kernel's limit, with its final zero
  home_process process;
  machine* on;
};

thread_handle* machine::start_thread(void (*body)(void*), void* argument, char const* name) {
  auto h = std::make_unique<thread_handle>();
  h->body = body;
  h->argument = argument;
  h->process.is_here();
  std::strncpy(h->name, name, sizeof h->name - 1);
  h->name[sizeof h->name - 1] = '\0';
  h->on = current() != nullptr ? current()->on : nullptr;
  auto const entry = [](void* p) -> void* {
    auto& self = *static_cast<thread_handle*>(p);
    context mine{self.on, nullptr};
    exchange_current(&mine);
    pthread_setname_np(pthread_self(), self.name);
    self.body(self.argument);
    exchange_current(nullptr);
    return nullptr;
  };
  if (int const e = pthread_create(&h->id, nullptr, entry, h.get()); e != 0)
    throw std::system_error(e, std::generic_category(), "cannot start another thread");
  return h.release();
}

void machine::join_thread(thread_handle* h) noexcept {
  if (h->process.is_here()) pthread_join(h->id, nullptr);
  delete h;
}

void machine::yield_thread() noexcept { sched_yield(); }

int machine::poll(int poller, epoll_event* events, int capacity, time_point deadline) noexcept {
  static std::atomic<bool> no_pwait2{false};  // a kernel before 5.11, or a sandbox
  timespec const left = deadline == never ? timespec{} : until(deadline);
  if (!no_pwait2.load(std::memory_order_relaxed)) {
    long const n = syscall(SYS_epoll_pwait2, poller, events, capacity,
                           deadline == never ? nullptr : &left, nullptr, 0);
    if (n >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(n);
    no_pwait2.store(true, std::memory_order_relaxed);
  }
  auto const ms =
      deadline == never ? -1 : left.tv_sec * 1000 + (left.tv_nsec + 999'999) / 1'000'000;
  return epoll_wait(poller, events, capacity, static_cast<int>(ms > 1 << 30 ? 1 << 30 : ms));
}

std::ptrdiff_t machine::read(int fd, void* to, std::size_t size) noexcept {
  return ::read(fd, to, size);
}
std::ptrdiff_t machine::write(int fd, void const* from, std::size_t size) noexcept {
  return ::write(fd, from, size);
}
std::ptrdiff_t machine::send(int fd, msghdr const* message, int flags) noexcept {
  return ::sendmsg(fd, message, flags);
}
std::ptrdiff_t machine::receive(int fd, msghdr* message, int flags) noexcept {
  return ::recvmsg(fd, message, flags);
}

namespace {

/// The child's descriptors: `keep` moves out of the way first, so that no target is overwritten
/// before it has been read.
bool place_descriptors(process_plan const& plan) noexcept {
  int const first_free = 3 + static_cast<int>(plan.keep_count);
  int moved[16];
  if (plan.keep_count > 16) return false;
  for (std::size_t i = 0; i < plan.keep_count; ++i) {
    moved[i] = fcntl(plan.keep[i], F_DUPFD, first_free);
    if (moved[i] < 0) return false;
  }
  for (std::size_t i = 0; i < plan.keep_count; ++i)
    if (dup2(moved[i], 3 + static_cast<int>(i)) < 0) return false;
  return syscall(SYS_close_range, first_free, ~0u, 0) == 0;
}

/// Gives each caught signal back its default action; ignored ones stay ignored, as exec does it.
void forget_handlers() noexcept {
  for (int s = 1; s < NSIG; ++s) {
    struct sigaction now {};
    if (sigaction(s, nullptr, &now) != 0 || now.sa_handler == SIG_IGN) continue;
    if (now.sa_handler == SIG_DFL) continue;
    now.sa_handler = SIG_DFL;
    now.sa_flags = 0;
    sigaction(s, &now, nullptr);
  }
}

/// A process without a pidfd could never be waited for, so it ends here.
process_handle with_pidfd(pid_t pid) noexcept {
  int const fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (fd >= 0) return {pid, fd};
  int const failure = errno;
  kill(pid, SIGKILL);
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  errno = failure;
  return {-1, -1};
}

}  // namespace

process_handle machine::start_process(process_plan const& plan) noexcept {
  // vfork: the parent's size does not matter, and the child only makes system calls until exec.
  // It runs in the parent's memory, so no handler of the parent may run in it.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  pid_t const pid = vfork();
  if (pid == 0) {
    forget_handlers();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (place_descriptors(plan))
      execve(plan.path, const_cast<char* const*>(plan.argv),
             const_cast<char* const*>(plan.environment));
    _exit(127);
  }
  int const failure = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = failure;
  return pid < 0 ? process_handle{-1, -1} : with_pidfd(pid);
}

process_end machine::wait_process(int pidfd) noexcept {
  siginfo_t info{};
  while (waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED) != 0)
    if (errno != EINTR) return {false, -1};
  return {info.si_code != CLD_EXITED, info.si_status};
}

machine& real_machine() noexcept {
  // Never destroyed: threads may outlive static destructors.
  alignas(machine) static std::byte room[sizeof(machine)];
  static machine* const m = new (room) machine;
  return *m;
}

machine& this_machine() noexcept {
  machine* const on = detail::told_machine();
  return on != nullptr ? *on : real_machine();
}

void detail::announce(kind what, void const* object, bool writes, std::memory_order order,
                      char const* file, unsigned line, char const* function) noexcept {
  if (machine* const on = told_machine())
    on->at({what, object, writes, order, {file, line, function}});
}

void detail::announce_done(kind what, void const* object, bool took, std::memory_order order,
                           char const* file, unsigned line, char const* function) noexcept {
  if (machine* const on = told_machine())
    on->done({what, object, took, order, {file, line, function}}, took);
}

machine_scope::machine_scope(machine& m) noexcept : made_(current() == nullptr) {
  if (made_) exchange_current(new context{nullptr, nullptr, thread_identity()});
  before_ = std::exchange(current()->on, &m);
  hot.fetch_add(1);
}

std::chrono::nanoseconds thread_cpu_time() noexcept { return read_clock(CLOCK_THREAD_CPUTIME_ID); }

machine_scope::~machine_scope() {
  hot.fetch_sub(1);
  current()->on = before_;
  if (made_) delete exchange_current(nullptr);  // any other belongs to whoever made it
}

}  // namespace quartet::seam

namespace quartet {

time_point clock::now() noexcept {
  if (seam::hooked()) [[unlikely]] {
    seam::announce(seam::kind::clock, nullptr, false, seam::seq_cst, place::here());
    return seam::this_machine().now();
  }
  return seam::read_clock();
}

}  // namespace quartet
