// SPDX-License-Identifier: Apache-2.0
// Asking the machine.
#include "machine.hpp"

#include <sys/utsname.h>

#include <quartet/os/cpu_quota.hpp>

namespace quartet::cli {

machine_facts facts() {
  utsname name{};
  uname(&name);
  return {.cpus = os::available_cpus(), .kernel = name.release};
}

}  // namespace quartet::cli
