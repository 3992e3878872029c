// SPDX-License-Identifier: Apache-2.0
// Real CPU quotas: a process in cgroups (version 1) of its own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace quartet::test {

/// Two cgroups, one in the other, seen from the process that is in the inner one.
class cpu_group {
 public:
  explicit cpu_group(std::string outer) : outer_(std::move(outer)) {}
  /// Units: CPUs; nothing takes the quota away. No inner quota may exceed the outer one.
  /// Errors: std::runtime_error if the system refuses it.
  void outer_quota(std::optional<double> cpus) const { set(outer_, cpus); }
  void inner_quota(std::optional<double> cpus) const { set(inner(), cpus); }
  std::string const& outer() const { return outer_; }  ///< its folder
  std::string inner() const { return outer_ + "/inner"; }

 private:
  static void set(std::string const& folder, std::optional<double> cpus);
  std::string outer_;
};

/// How a call in a cgroup went.
enum class in_group { well, wrong, impossible };

/// What a test is skipped with where it is impossible.
inline constexpr char const* no_cpu_group =
    "needs root, and a cgroup hierarchy of version 1 with the cpu controller";

/// Calls `inside` in a child process that is in cgroups of its own, without quotas at first, and
/// removes them again. `inside` may use EXPECT, and has two minutes.
/// The child has a mount namespace, where the hierarchy is mounted at one more place than before.
in_group in_cpu_group(std::function<void(cpu_group const&)> const& inside);

}  // namespace quartet::test
