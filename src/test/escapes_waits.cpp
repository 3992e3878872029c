// SPDX-License-Identifier: Apache-2.0
// Waiting for other threads and for descriptors.
#include "stand_in.hpp"

#if QUARTET_ESCAPES
#include <cstdint>
#include <ctime>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <tuple>
#include <unistd.h>

namespace quartet::detail::escapes {

namespace {

constexpr text use_condition = "use quartet::condition";
constexpr text use_primitives = "wait by quartet's channels, latches and events";
constexpr text use_clock = "use quartet::clock";
constexpr text use_seed = "draw from a generator with a fixed seed";
constexpr text no_device = "use quartet's primitives, or wait for none: give it a timeout of 0";

bool is_zero(int ms) noexcept { return ms == 0; }
bool is_zero(timespec const* t) noexcept {
  return t != nullptr && t->tv_sec == 0 && t->tv_nsec == 0;
}
bool is_zero(timeval const* t) noexcept {
  return t != nullptr && t->tv_sec == 0 && t->tv_usec == 0;
}

void set_zero(int& ms) noexcept { ms = 0; }
void set_zero(timespec const*& t) noexcept {
  static constexpr timespec zero{};
  t = &zero;
}
void set_zero(timeval*& t) noexcept {
  static timeval zero{};  // select takes off what has passed: nothing
  t = &zero;
}

/// Waits for descriptors, with the timeout as argument number `At`. What is there at once may be
/// had.
template <text Name, std::size_t At, class F> struct polling;
template <text Name, std::size_t At, class... A> struct polling<Name, At, int(A...)> {
  using function = known<Name, int(A...)>;
  static int call(A... a) {
    if (!inside()) return function::real()(a...);
    std::tuple<A...> all(a...);
    bool const waits = !is_zero(std::get<At>(all));
    set_zero(std::get<At>(all));
    int const ready = std::apply(function::real(), all);
    if (waits && ready == 0) leave(Name.at, no_device.at, QUARTET_CALLER);
    return ready;
  }
  static replacement make() noexcept { return stand_in<function>(&call); }
};

// std::atomic, std::future, std::latch and their like make their own system calls.
using system_call = known<"syscall", long(long, long, long, long, long, long, long)>;
long checked_system_call(long n, long a, long b, long c, long d, long e, long f) {
  if (inside() && n == SYS_futex) {
    long const what = b & FUTEX_CMD_MASK;
    bool const waits = what == FUTEX_WAIT || what == FUTEX_WAIT_BITSET;
    auto const* const word = reinterpret_cast<std::uint32_t const*>(a);
    if (waits && __atomic_load_n(word, __ATOMIC_SEQ_CST) == static_cast<std::uint32_t>(c))
      leave("syscall(SYS_futex)", use_primitives.at, QUARTET_CALLER);
  }
  if (inside() && n == SYS_getrandom) leave("syscall(SYS_getrandom)", use_seed.at, QUARTET_CALLER);
  if (inside() && n == SYS_clock_gettime)
    leave("syscall(SYS_clock_gettime)", use_clock.at, QUARTET_CALLER);
  return system_call::real()(n, a, b, c, d, e, f);
}

using once = known<"pthread_once", int(pthread_once_t*, void (*)())>;
int once_at_once(pthread_once_t* control, void (*run)()) {
  constexpr int in_progress = 1;
  if (inside() && (*control & 3) == in_progress)
    leave("pthread_once", "use a static variable of a function", QUARTET_CALLER);
  return once::real()(control, run);
}

}  // namespace

void add_waits(table& to) {
  to.insert(
      to.end(),
      {
          forbidden<"pthread_cond_wait", use_condition,
                    int(pthread_cond_t*, pthread_mutex_t*)>::make(),
          forbidden<"pthread_cond_timedwait", use_condition,
                    int(pthread_cond_t*, pthread_mutex_t*, timespec const*)>::make(),
          forbidden<"pthread_cond_clockwait", use_condition,
                    int(pthread_cond_t*, pthread_mutex_t*, clockid_t, timespec const*)>::make(),
          forbidden<"pthread_barrier_wait", use_primitives, int(pthread_barrier_t*)>::make(),
          stand_in<once>(&once_at_once),
          stand_in<system_call>(&checked_system_call),
          polling<"poll", 2, int(pollfd*, nfds_t, int)>::make(),
          polling<"__poll_chk", 2, int(pollfd*, nfds_t, int, std::size_t)>::make(),
          polling<"ppoll", 2, int(pollfd*, nfds_t, timespec const*, sigset_t const*)>::make(),
          polling<"select", 4, int(int, fd_set*, fd_set*, fd_set*, timeval*)>::make(),
          polling<"pselect", 4,
                  int(int, fd_set*, fd_set*, fd_set*, timespec const*, sigset_t const*)>::make(),
          polling<"epoll_wait", 3, int(int, epoll_event*, int, int)>::make(),
          polling<"epoll_pwait", 3, int(int, epoll_event*, int, int, sigset_t const*)>::make(),
          polling<"epoll_pwait2", 3,
                  int(int, epoll_event*, int, timespec const*, sigset_t const*)>::make(),
      });
}

}  // namespace quartet::detail::escapes

#endif
