// SPDX-License-Identifier: Apache-2.0
// Calls that no simulated thread may make: starting something, sleeping, the time, chance.
#include "stand_in.hpp"

#if QUARTET_ESCAPES
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <pthread.h>
#include <spawn.h>
#include <string_view>
#include <sys/time.h>
#include <unistd.h>

#include <quartet/seam/thread.hpp>

namespace quartet::detail::escapes {

namespace {

constexpr text use_thread = "use quartet::thread or an executor";
constexpr text use_sleep = "use quartet::blocking_sleep_for";
constexpr text use_clock = "use quartet::clock";
constexpr text use_seed = "draw from a generator with a fixed seed";
constexpr text no_process = "processes are not simulated: start it before the exploration";

using yielding = known<"sched_yield", int()>;
int yield_to_others() {
  if (!inside()) return yielding::real()();
  seam::yield_thread({"", 0, "sched_yield"});
  return 0;
}

bool is_chance(char const* path) noexcept {
  std::string_view const p = path;
  return p == "/dev/random" || p == "/dev/urandom" || p == "/dev/hwrng";
}

/// Opens a file by its path.
template <text Name, class F> struct opening;
template <text Name, class R, class... More> struct opening<Name, R(char const*, More...)> {
  using function = known<Name, R(char const*, More...)>;
  static R call(char const* path, More... more) {
    if (inside() && is_chance(path)) leave(Name.at, use_seed.at, QUARTET_CALLER);
    return function::real()(path, more...);
  }
  static replacement make() noexcept { return stand_in<function>(&call); }
};

using opening_at = known<"openat", int(int, char const*, int, mode_t)>;
int open_at(int folder, char const* path, int flags, mode_t mode) {
  if (inside() && is_chance(path)) leave("openat", use_seed.at, QUARTET_CALLER);
  return opening_at::real()(folder, path, flags, mode);
}

}  // namespace

void add_calls(table& to) {
  to.insert(to.end(),
            {
                // starting something
                forbidden<"pthread_create", use_thread,
                          int(pthread_t*, pthread_attr_t const*, void* (*)(void*), void*)>::make(),
                forbidden<"thrd_create", use_thread, int(void*, int (*)(void*), void*)>::make(),
                forbidden<"pthread_join", use_thread, int(pthread_t, void**)>::make(),
                forbidden<"fork", no_process, pid_t()>::make(),
                forbidden<"posix_spawn", no_process,
                          int(pid_t*, char const*, posix_spawn_file_actions_t const*,
                              posix_spawnattr_t const*, char* const*, char* const*)>::make(),
                forbidden<"posix_spawnp", no_process,
                          int(pid_t*, char const*, posix_spawn_file_actions_t const*,
                              posix_spawnattr_t const*, char* const*, char* const*)>::make(),
                forbidden<"system", no_process, int(char const*)>::make(),
                forbidden<"popen", no_process, FILE*(char const*, char const*)>::make(),
                // sleeping
                forbidden<"sleep", use_sleep, unsigned(unsigned)>::make(),
                forbidden<"usleep", use_sleep, int(useconds_t)>::make(),
                forbidden<"nanosleep", use_sleep, int(timespec const*, timespec*)>::make(),
                forbidden<"clock_nanosleep", use_sleep,
                          int(clockid_t, int, timespec const*, timespec*)>::make(),
                forbidden<"thrd_sleep", use_sleep, int(timespec const*, timespec*)>::make(),
                stand_in<yielding>(&yield_to_others),
                // the time
                forbidden<"clock_gettime", use_clock,
                          int(clockid_t, timespec*)>::make(),  // tidy-allow seam_only: its stand-in
                forbidden<"gettimeofday", use_clock, int(timeval*, void*)>::make(),
                forbidden<"time", use_clock, time_t(time_t*)>::make(),
                forbidden<"timespec_get", use_clock, int(timespec*, int)>::make(),
                forbidden<"clock", use_clock, clock_t()>::make(),
                // chance
                forbidden<"getrandom", use_seed, ssize_t(void*, size_t, unsigned)>::make(),
                forbidden<"getentropy", use_seed, int(void*, size_t)>::make(),
                forbidden<"arc4random", use_seed, std::uint32_t()>::make(),
                forbidden<"arc4random_buf", use_seed, void(void*, size_t)>::make(),
                forbidden<"arc4random_uniform", use_seed, std::uint32_t(std::uint32_t)>::make(),
                forbidden<"_ZNSt13random_device9_M_getvalEv", use_seed, unsigned(void*),
                          "std::random_device">::make(),
                opening<"open", int(char const*, int, mode_t)>::make(),
                opening<"open64", int(char const*, int, mode_t)>::make(),
                opening<"__open_2", int(char const*, int)>::make(),
                opening<"__open64_2", int(char const*, int)>::make(),
                opening<"fopen", FILE*(char const*, char const*)>::make(),
                opening<"fopen64", FILE*(char const*, char const*)>::make(),
                stand_in<opening_at>(&open_at),
            });
}

}  // namespace quartet::detail::escapes

#endif
