// SPDX-License-Identifier: Apache-2.0
// A completion of a barrier that may throw: none of those who meet could be told.
// expect: what a barrier calls at the end of a phase must be noexcept

#include <quartet/sync/barrier.hpp>

void meet(int& phases) {
  quartet::barrier b(2, [&phases] { ++phases; });
  b.blocking_arrive_and_wait();
}
