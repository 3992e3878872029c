// SPDX-License-Identifier: Apache-2.0
// What figures depend on besides the program.
#pragma once

#include <string>

namespace quartet::cli {

/// The machine, as far as figures depend on it.
struct machine_facts {
  unsigned cpus = 1;  // that we may use
  std::string kernel;
};

/// Of this machine.
machine_facts facts();

}  // namespace quartet::cli
