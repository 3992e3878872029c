// SPDX-License-Identifier: Apache-2.0
// One that cannot throw, and none.
// compiles

#include <quartet/sync/barrier.hpp>

void meet(int& phases, quartet::barrier<>& other) {
  quartet::barrier b(2, [&phases]() noexcept { ++phases; });
  b.blocking_arrive_and_wait();
  other.blocking_arrive_and_wait();
}
