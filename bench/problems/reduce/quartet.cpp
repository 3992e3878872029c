// SPDX-License-Identifier: Apache-2.0
// reduce on quartet, whose result never depends on the workers.
#include <functional>

#include <quartet/algo/reduce.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  reduce::measure(given, [&](std::vector<double> const& x) {
    return quartet::reduce(pool, x, 0.0, std::plus<>(), [](double v) { return reduce::square(v); })
        .blocking_get();
  });
}
