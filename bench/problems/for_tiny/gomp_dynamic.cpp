// SPDX-License-Identifier: Apache-2.0
// for_tiny on the compiler's own OpenMP runtime: 64 elements at a time.
#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  for_tiny::measure(given, [&](long n, auto body) {
#pragma omp parallel for schedule(dynamic, 64) num_threads(given.workers)
    for (long i = 0; i < n; ++i) body(i);
  });
}
