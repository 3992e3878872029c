// SPDX-License-Identifier: Apache-2.0
// `quartet doctor`: what this machine gives us, and what follows from it.
#include <ostream>

#include <quartet/os/affinity.hpp>

#include "command.hpp"
#include "flags.hpp"
#include "json.hpp"
#include "text.hpp"

namespace quartet::cli {

namespace {

class doctor final : public execution {
 public:
  explicit doctor(arguments& a) { json_flag(a, json_); }

  int run(streams& io) override {
    doctor_outcome const o{.workers = os::count_workers(),
                           .online = os::online_cpus(),
                           .kernel = os::kernel_release()};
    io.out << (json_ ? json_of(o) : findings_of(o));
    return o.fine() ? all_done : some_failed;
  }

 private:
  bool json_ = false;
};

}  // namespace

command const doctor_command{
    .path = "doctor",
    .group = "",
    .summary = "How many workers a pool has here, and why; what is amiss.",
    .more =
        "Looks at the CPUs on which this process may run, at the CPU quotas of its cgroup and "
        "of\nthose above it, at QUARTET_WORKERS, and at the kernel.\n\n"
        "Exit code: 0 if all is well; 1 if something is to be put right, which is printed.",
    .declare = [](arguments& a) -> std::unique_ptr<execution> {
      return std::make_unique<doctor>(a);
    }};

}  // namespace quartet::cli
