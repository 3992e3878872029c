// SPDX-License-Identifier: Apache-2.0
// Which CPUs there are, and which of them the calling thread may run on.
#pragma once

#include <span>
#include <vector>

namespace quartet::os {

/// The numbers of the CPUs that the calling thread may run on, ascending, at least one.
/// Errors: std::system_error if the system does not tell.
std::vector<unsigned> affinity();

/// Confines the calling thread to `cpus`; threads it starts later inherit this.
/// Errors: std::system_error if none of them exists or may be used; std::invalid_argument if
/// `cpus` is empty.
void set_affinity(std::span<unsigned const> cpus);

/// How many CPUs of the machine are switched on, whoever may use them; at least 1.
unsigned online_cpus() noexcept;

}  // namespace quartet::os
