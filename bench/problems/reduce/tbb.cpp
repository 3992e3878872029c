// SPDX-License-Identifier: Apache-2.0
// reduce on oneTBB's parallel_reduce.
#include <functional>
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_reduce.h>
#include <tbb/task_arena.h>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  tbb::global_control limit{tbb::global_control::max_allowed_parallelism,
                            static_cast<std::size_t>(given.workers)};
  tbb::task_arena arena{given.workers};
  arena.execute([&] {
    reduce::measure(given, [](std::vector<double> const& x) {
      return tbb::parallel_reduce(
          tbb::blocked_range<std::size_t>(0, x.size()), 0.0,
          [&](tbb::blocked_range<std::size_t> const& part, double sum) {
            for (std::size_t i = part.begin(); i != part.end(); ++i) sum += reduce::square(x[i]);
            return sum;
          },
          std::plus<>());
    });
  });
}
