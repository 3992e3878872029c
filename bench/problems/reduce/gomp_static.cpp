// SPDX-License-Identifier: Apache-2.0
// reduce on the compiler's own OpenMP runtime: an equal part for each thread.
#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  reduce::measure(given, [&](std::vector<double> const& x) {
    double sum = 0;
#pragma omp parallel for schedule(static) num_threads(given.workers) reduction(+ : sum)
    for (std::size_t i = 0; i < x.size(); ++i) sum += reduce::square(x[i]);
    return sum;
  });
}
