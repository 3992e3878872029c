// SPDX-License-Identifier: Apache-2.0
// How many CPUs this process may really use, and how many workers that makes.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace quartet::os {

/// A CPU quota that holds for the calling process: that of its cgroup, or of one above.
/// Units: CPUs; 0.5 is half of one. Threads: a value. Stop: not concerned. Errors: none.
/// Lifetime: a value.
struct found_quota {
  std::string folder;  ///< where it is written: "/sys/fs/cgroup/cpu/job"
  std::string group;   ///< the cgroup, as its hierarchy calls it: "/job"
  int version = 2;     ///< of the hierarchy: 1 or 2
  double cpus = 0;
};

/// Every CPU quota of the calling process, over its cgroup and all visible ancestors, version 1
/// and 2 alike; in each hierarchy our own cgroup first.
/// `root` stands in front of every path, for tests: a folder with proc/self/{cgroup,mountinfo}.
/// Files that are missing or make no sense are passed over: a guess must not stop a program.
/// Cost: reads a few small files, each time. Source: cgroups(7), proc_pid_mountinfo(5).
std::vector<found_quota> cpu_quotas(std::string const& root = "");

/// The one that allows least; null if there is none. Lifetime: that of `all`.
found_quota const* tightest(std::vector<found_quota> const& all) noexcept;

/// The tightest of `cpu_quotas`, in CPUs.
std::optional<double> cpu_quota(std::string const& root = "");

/// How many CPUs are worth using: the smaller of the calling thread's affinity and the quota
/// rounded up (two workers use up a quota of one and a half, one does not), at least 1.
unsigned available_cpus(std::string const& root = "");

/// The most workers that anyone may ask for.
inline constexpr unsigned max_workers = 4096;

/// What has the last word on the number of workers.
enum class workers_by { affinity, quota, variable };

/// How the number of workers comes about, each thing that has a say in it.
struct worker_count {
  unsigned affinity = 1;                 ///< CPUs that the calling thread may run on
  std::vector<found_quota> quotas;       ///< `cpu_quotas()`
  unsigned cpus = 1;                     ///< what the two allow: `available_cpus()`
  std::optional<std::string> variable;   ///< QUARTET_WORKERS as it stands; nothing: it is not set
  std::string refusal;                   ///< what is wrong with it, and what to do; else empty
  unsigned workers = 1;                  ///< the outcome; 0 if the variable is refused
  workers_by by = workers_by::affinity;  ///< what made it so
};

/// How many workers an executor made by the calling thread would have, and why.
/// Nothing is kept from one call to the next: what has changed meanwhile counts.
/// Errors: those of `affinity`; a variable that is refused is none.
worker_count count_workers(std::string const& root = "");

/// How many workers an executor has if nobody says: QUARTET_WORKERS, else `available_cpus()`. It is
/// asked when the executor is made, each time anew; a thread_pool follows later changes of the
/// latter. Errors: std::invalid_argument if QUARTET_WORKERS is not a number from 1 to
/// `max_workers`.
unsigned default_workers();
/// Whether that depends on what may change while a program runs: the variable is not set.
bool default_workers_may_change() noexcept;

}  // namespace quartet::os
