// SPDX-License-Identifier: Apache-2.0
// A process that mounts and makes the cgroups, and in it the one that is moved into them.
#include "support/cpu_group.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <sched.h>
#include <stdexcept>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace quartet::test {

namespace {

constexpr int impossible_code = 77;
constexpr unsigned seconds_max = 120;

bool write_to(std::string const& file, std::string const& text) {
  std::ofstream out(file);
  out << text << std::flush;
  return out.good();
}

bool mount_hierarchy(std::string const& at) {
  if (unshare(CLONE_NEWNS) != 0) return false;
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  for (char const* controllers : {"cpu", "cpu,cpuacct"})  // a hierarchy keeps those it has
    if (mount("none", at.c_str(), "cgroup", 0, controllers) == 0) return true;
  return false;
}

// What ended has left its cgroup soon after.
void remove_group(std::string const& folder) {
  for (int i = 0; i != 100'000 && rmdir(folder.c_str()) != 0 && errno == EBUSY; ++i) sched_yield();
}

int exit_code_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

[[noreturn]] void run_inside(cpu_group const& group,
                             std::function<void(cpu_group const&)> const& inside) {
  alarm(seconds_max);
  if (!write_to(group.inner() + "/cgroup.procs", "0")) _exit(impossible_code);
  try {
    inside(group);
  } catch (std::exception const& e) {
    ADD_FAILURE() << e.what();
  }
  std::fflush(nullptr);
  _exit(testing::Test::HasFailure() ? 1 : 0);
}

int with_group(std::string const& mounted, std::function<void(cpu_group const&)> const& inside) {
  if (!mount_hierarchy(mounted)) return impossible_code;
  cpu_group const group(mounted + "/quartet-test-" + std::to_string(getpid()));
  int code = impossible_code;
  if (mkdir(group.outer().c_str(), 0755) == 0 && mkdir(group.inner().c_str(), 0755) == 0 &&
      std::filesystem::exists(group.inner() + "/cpu.cfs_quota_us")) {
    pid_t const child = fork();
    if (child == 0) run_inside(group, inside);
    if (child > 0) code = exit_code_of(child);
  }
  remove_group(group.inner());
  remove_group(group.outer());
  return code;
}

}  // namespace

void cpu_group::set(std::string const& folder, std::optional<double> cpus) {
  long const quota = cpus ? static_cast<long>(*cpus * 100'000) : -1;
  if (!write_to(folder + "/cpu.cfs_period_us", "100000") ||
      !write_to(folder + "/cpu.cfs_quota_us", std::to_string(quota)))
    throw std::runtime_error(folder + " refuses the quota " + std::to_string(quota));
}

in_group in_cpu_group(std::function<void(cpu_group const&)> const& inside) {
  std::string mounted = (std::filesystem::temp_directory_path() / "quartet-cpu-XXXXXX").string();
  if (mkdtemp(mounted.data()) == nullptr) return in_group::impossible;
  std::fflush(nullptr);
  pid_t const child = fork();
  if (child == 0) _exit(with_group(mounted, inside));
  int const code = child < 0 ? impossible_code : exit_code_of(child);
  rmdir(mounted.c_str());
  return code == 0                 ? in_group::well
         : code == impossible_code ? in_group::impossible
                                   : in_group::wrong;
}

}  // namespace quartet::test
