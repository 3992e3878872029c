// SPDX-License-Identifier: Apache-2.0
// skynet as plain calls.
#include "problem.hpp"

static long below(long first, long size) {
  if (size == 1) return skynet::leaf(first);
  long sum = 0;
  for (long i = 0; i != skynet::ways; ++i)
    sum += below(first + i * (size / skynet::ways), size / skynet::ways);
  return sum;
}

int main(int argc, char** argv) { skynet::measure(bench::parse(argc, argv), below); }
