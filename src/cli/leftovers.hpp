// SPDX-License-Identifier: Apache-2.0
// Partial files of workers that were killed.
#pragma once

#include <vector>

#include <quartet/jobs/images/convert_image.hpp>

namespace quartet::cli {

/// Removes, beside the outputs of `tasks`, temporary files (`.quartet-PID-*.part`) of processes
/// that live no longer. A conversion removes its own; but one in a worker process that is killed,
/// by a stop or by a crash, cannot.
void remove_leftovers(std::vector<jobs::image_task> const& tasks) noexcept;

}  // namespace quartet::cli
