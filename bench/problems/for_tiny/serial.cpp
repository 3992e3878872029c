// SPDX-License-Identifier: Apache-2.0
// for_tiny as a plain loop.
#include "problem.hpp"

int main(int argc, char** argv) {
  for_tiny::measure(bench::parse(argc, argv), [](long n, auto body) {
    for (long i = 0; i != n; ++i) body(i);
  });
}
