// SPDX-License-Identifier: Apache-2.0
// /proc/self/task/N/stat and syscall; process_vm_readv(2).
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

#include <quartet/os/thread_look.hpp>

#include "proc_stat.hpp"

namespace quartet::os {

namespace {

/// A file about a thread.
proc_text text_of(int id, char const* name) noexcept {
  std::array<char, 64> path;
  std::snprintf(path.data(), path.size(), "/proc/self/task/%d/%s", id, name);
  return proc_text(path.data());
}

template <class T> T number(std::string_view text) noexcept {
  bool const hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  T x{};
  std::from_chars(text.data(), text.data() + text.size(), x, hex ? 16 : 10);
  return x;
}

// "running", or "NUMBER SIX ARGUMENTS STACK CODE", or "-1 STACK CODE" outside system calls.
void take_wait(thread_look& look, std::string_view text) noexcept {
  std::string_view const first = next_field(text);
  if (first.empty() || first == "running") return;
  look.system_call = number<long>(first);
  if (look.system_call >= 0)
    for (int i = 0; i != 6; ++i) next_field(text);
  look.stack = number<std::uintptr_t>(next_field(text));
  look.code = number<std::uintptr_t>(next_field(text));
}

constexpr std::pair<long, char const*> known_calls[] = {
    {SYS_read, "read"},
    {SYS_write, "write"},
    {SYS_pread64, "pread"},
    {SYS_pwrite64, "pwrite"},
    {SYS_readv, "readv"},
    {SYS_writev, "writev"},
    {SYS_openat, "open"},
    {SYS_fsync, "fsync"},
    {SYS_fdatasync, "fdatasync"},
    {SYS_flock, "flock"},
    {SYS_fcntl, "fcntl"},
    {SYS_ioctl, "ioctl"},
    {SYS_sendfile, "sendfile"},
    {SYS_splice, "splice"},
    {SYS_connect, "connect"},
    {SYS_accept, "accept"},
    {SYS_accept4, "accept"},
    {SYS_sendto, "send"},
    {SYS_recvfrom, "recv"},
    {SYS_sendmsg, "sendmsg"},
    {SYS_recvmsg, "recvmsg"},
    {SYS_futex, "futex"},
    {SYS_nanosleep, "nanosleep"},
    {SYS_clock_nanosleep, "nanosleep"},
    {SYS_rt_sigtimedwait, "sigtimedwait"},
    {SYS_rt_sigsuspend, "sigsuspend"},
    {SYS_wait4, "wait"},
    {SYS_waitid, "wait"},
    {SYS_ppoll, "poll"},
    {SYS_pselect6, "select"},
    {SYS_epoll_pwait, "epoll_wait"},
#ifdef SYS_poll  // not on newer processors, where the C library uses those above
    {SYS_open, "open"},
    {SYS_poll, "poll"},
    {SYS_select, "select"},
    {SYS_pause, "pause"},
    {SYS_epoll_wait, "epoll_wait"},
#endif
};

}  // namespace

std::optional<thread_look> look_at_thread(int id) noexcept {
  thread_look look;
  auto const stat = parse_stat(text_of(id, "stat").text);
  if (!stat || stat->state == 'Z' || stat->state == 'X') return {};
  look.waits = stat->state == 'S' || stat->state == 'D';
  look.cpu = stat->user + stat->system;
  if (look.waits) take_wait(look, text_of(id, "syscall").text);
  return look;
}

int own_thread_id() noexcept { return static_cast<int>(syscall(SYS_gettid)); }

std::string name_of_system_call(long number) {
  for (auto const& [known, name] : known_calls)
    if (known == number) return name;
  return "system call " + std::to_string(number);
}

std::size_t copy_memory(void* to, void const* from, std::size_t size) noexcept {
  constexpr std::uintptr_t page = 4096;  // a page that is not there ends the copy, not the look
  auto* const into = static_cast<char*>(to);
  auto const start = reinterpret_cast<std::uintptr_t>(from);
  std::size_t done = 0;
  while (done != size) {
    std::size_t const part = std::min<std::size_t>(size - done, page - (start + done) % page);
    iovec const mine{into + done, part};
    iovec const theirs{reinterpret_cast<void*>(start + done), part};
    if (process_vm_readv(getpid(), &mine, 1, &theirs, 1, 0) != static_cast<ssize_t>(part)) break;
    done += part;
  }
  return done;
}

}  // namespace quartet::os
