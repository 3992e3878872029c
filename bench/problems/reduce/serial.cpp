// SPDX-License-Identifier: Apache-2.0
// reduce as a plain loop.
#include "problem.hpp"

int main(int argc, char** argv) {
  reduce::measure(bench::parse(argc, argv), [](std::vector<double> const& x) {
    double sum = 0;
    for (double v : x) sum += reduce::square(v);
    return sum;
  });
}
