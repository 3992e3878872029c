// SPDX-License-Identifier: Apache-2.0
// What the death of a worker says.
#include <string.h>

#include <quartet/exec/processes/worker_died.hpp>

namespace quartet {

namespace {

std::string cause(int signal, int exit_code) {
  if (signal == 0) return "exited with code " + std::to_string(exit_code);
  char const* const name = sigdescr_np(signal);
  std::string const number = std::to_string(signal);
  return "was ended by signal " + number + " (" + (name == nullptr ? "unknown" : name) + ")";
}

}  // namespace

worker_died::worker_died(int pid, int signal, int exit_code, std::string const& call)
    : std::runtime_error("worker process " + std::to_string(pid) + " " + cause(signal, exit_code) +
                         " while it ran " + call +
                         "; only this call has failed, other calls go on in other workers"),
      pid_(pid),
      signal_(signal),
      exit_code_(signal == 0 ? exit_code : -1),
      call_(call) {}

}  // namespace quartet
