// SPDX-License-Identifier: Apache-2.0
// nqueens as plain calls.
#include "problem.hpp"

static long count(nqueens::board b) {
  if (b.full()) return 1;
  nqueens::placements const p(b);
  long sum = 0;
  for (int i = 0; i != p.count; ++i) sum += count(b.with(p.column[static_cast<std::size_t>(i)]));
  return sum;
}

int main(int argc, char** argv) { nqueens::measure(bench::parse(argc, argv), count); }
