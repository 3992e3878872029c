// SPDX-License-Identifier: Apache-2.0
// What the commands found out, before it becomes text or JSON.
#pragma once

#include <string>
#include <vector>

#include <quartet/jobs/compare/compare.hpp>
#include <quartet/jobs/images/plan_images.hpp>
#include <quartet/jobs/images/run_images.hpp>
#include <quartet/jobs/races/races.hpp>
#include <quartet/os/cpu_quota.hpp>
#include <quartet/os/kernel.hpp>

#include "machine.hpp"

namespace quartet::cli {

/// The end of `quartet images`.
struct images_outcome {
  std::string in, out, model;
  unsigned workers = 1;
  jobs::images_report report;
  double seconds = 0;
  std::vector<jobs::image_result> problems;  // all that is not done

  double rate() const {
    return seconds > 0 ? static_cast<double>(report.total() - report.stopped) / seconds : 0;
  }
};

/// The end of `quartet compare images`.
struct compare_outcome {
  std::string in;
  jobs::image_options image;
  unsigned rounds = 0;
  unsigned workers = 0;
  machine_facts machine;
  jobs::images_report each;  // of each run: all were the same
  std::vector<jobs::compare_row> rows;
  jobs::advice advice;
};

/// The end of `quartet explore --demo`.
struct races_outcome {
  jobs::races_options options;
  machine_facts machine;
  std::vector<jobs::race_row> rows;
};

/// The end of `quartet doctor`.
struct doctor_outcome {
  os::worker_count workers;
  unsigned online = 1;  // CPUs that the system runs, ours or not
  std::string kernel;

  /// False too if the name says nothing.
  bool kernel_fits() const {
    auto const k = os::parse_kernel(kernel);
    return k && *k >= os::oldest_kernel;
  }
  bool fine() const { return workers.refusal.empty() && kernel_fits(); }
};

}  // namespace quartet::cli
