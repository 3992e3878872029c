// SPDX-License-Identifier: Apache-2.0
// Runs many conversions on an executor, and sums up what became of them.
#pragma once

#include <functional>
#include <vector>

#include <quartet/core/observer.hpp>
#include <quartet/core/stop.hpp>
#include <quartet/jobs/images/convert_image.hpp>
#include <quartet/models/any_executor.hpp>

namespace quartet::jobs {

/// Sums over all images of a run.
/// Units: bytes. Threads: a value. Stop: `stopped` counts images that were not begun.
/// Errors: none. Lifetime: a value.
struct images_report {
  std::size_t done = 0;
  std::size_t unsupported = 0;
  std::size_t failed = 0;
  std::size_t stopped = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;

  std::size_t total() const noexcept { return done + unsupported + failed + stopped; }
};

/// Who is told while a run is under way.
/// Threads: `on_result` is called by the thread that called run_images. Stop: `stop` ends the run.
/// Errors: none. Lifetime: outlives the run.
struct images_listener {
  std::function<void(image_result const&)> on_result = {};  ///< may be empty
  observer* progress = nullptr;
  stop_source* stop = nullptr;
};

/// Converts every image of `tasks`; one that fails, or whose worker dies, stops no other.
/// Blocks: the thread. Errors: none for single images; what the executor throws if it cannot start.
images_report run_images(any_executor& on, std::vector<image_task> const& tasks,
                         images_listener const& listener = {});

}  // namespace quartet::jobs
