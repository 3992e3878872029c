// SPDX-License-Identifier: Apache-2.0
// getrusage, /proc/PID/stat and VmHWM of /proc/PID/status.
#include <charconv>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>

#include <quartet/os/fd.hpp>
#include <quartet/os/usage.hpp>

#include "proc_stat.hpp"

namespace quartet::os {

namespace {

using std::chrono::nanoseconds;

nanoseconds of(timeval const& t) noexcept {
  return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
}

// "VmHWM:     1234 kB"
std::size_t peak_in(std::string_view status) noexcept {
  auto const at = status.find("VmHWM:");
  if (at == status.npos) return 0;
  auto const digits = status.find_first_of("0123456789", at);
  if (digits == status.npos) return 0;
  std::size_t kib = 0;
  std::from_chars(status.data() + digits, status.data() + status.size(), kib);
  return kib * 1024;
}

usage from_rusage(int who) noexcept {
  rusage r{};
  getrusage(who, &r);
  return {of(r.ru_utime), of(r.ru_stime), static_cast<std::size_t>(r.ru_maxrss) * 1024};
}

}  // namespace

usage own_usage() noexcept {
  usage u = from_rusage(RUSAGE_SELF);  // its peak cannot be reset
  if (auto const peak = peak_in(proc_text("/proc/self/status").text); peak != 0)
    u.peak_memory_bytes = peak;
  return u;
}

usage children_usage() noexcept { return from_rusage(RUSAGE_CHILDREN); }

std::optional<usage> usage_of(int pid) {
  std::string const folder = "/proc/" + std::to_string(pid);
  proc_text const file((folder + "/stat").c_str());
  auto const stat = parse_stat(file.text);
  if (!stat) return {};
  return usage{stat->user, stat->system, peak_in(proc_text((folder + "/status").c_str()).text)};
}

bool reset_peak_memory() noexcept {
  fd const f(open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC));
  return f && write(f.get(), "5", 1) == 1;
}

}  // namespace quartet::os
