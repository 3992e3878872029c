// SPDX-License-Identifier: Apache-2.0
// images on quartet's thread_pool.
#include <quartet/jobs/images/run_images.hpp>
#include <quartet/models/make_executor.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  auto on = quartet::make_executor("threads", {.workers = static_cast<unsigned>(given.workers)});
  images::measure(given, [&](auto const& tasks) { quartet::jobs::run_images(on, tasks); });
}
