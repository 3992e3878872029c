// SPDX-License-Identifier: Apache-2.0
// How many CPUs this process may really use, and how many workers that makes.
#pragma once

#include <optional>
#include <string>

namespace quartet::os {

/// The tightest CPU quota of the calling process, in CPUs (0.5 is half of one), over its cgroup and
/// all visible ancestors, version 1 and 2 alike; nothing if there is no quota.
/// `root` stands in front of every path, for tests: a folder with proc/self/{cgroup,mountinfo}.
/// Files that are missing or make no sense are passed over: a guess must not stop a program.
/// Cost: reads a few small files. Source: cgroups(7), proc_pid_mountinfo(5).
std::optional<double> cpu_quota(std::string const& root = "");

/// How many CPUs are worth using: the smaller of the calling thread's affinity and the quota
/// rounded up (two workers use up a quota of one and a half, one does not), at least 1.
unsigned available_cpus(std::string const& root = "");

/// The most workers that anyone may ask for.
inline constexpr unsigned max_workers = 4096;

/// How many workers an executor starts if nobody says: QUARTET_WORKERS, else `available_cpus()`.
/// Errors: std::invalid_argument if QUARTET_WORKERS is not a number from 1 to `max_workers`.
unsigned default_workers();

}  // namespace quartet::os
