// SPDX-License-Identifier: Apache-2.0
// images on oneTBB's parallel_for.
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  auto const width = static_cast<std::size_t>(given.workers);
  tbb::global_control limit{tbb::global_control::max_allowed_parallelism, width};
  images::measure(given, [](auto const& tasks) {
    tbb::parallel_for(std::size_t{0}, tasks.size(),
                      [&](std::size_t i) { quartet::jobs::convert_image(tasks[i]); });
  });
}
