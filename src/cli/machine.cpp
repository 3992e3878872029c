// SPDX-License-Identifier: Apache-2.0
// Asking the machine.
#include "machine.hpp"

#include <quartet/os/cpu_quota.hpp>
#include <quartet/os/kernel.hpp>

namespace quartet::cli {

machine_facts facts() { return {.cpus = os::available_cpus(), .kernel = os::kernel_release()}; }

}  // namespace quartet::cli
