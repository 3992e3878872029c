// SPDX-License-Identifier: Apache-2.0
// A pool of processes in two lines: one function for every item, results in order.
#include <cstdio>
#include <vector>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

int count_primes(int below) {
  int count = 0;
  for (int n = 2; n < below; ++n) {
    bool prime = true;
    for (int d = 2; d * d <= n && prime; ++d) prime = n % d != 0;
    if (prime) ++count;
  }
  return count;
}

}  // namespace

int main() {
  std::vector<int> const limits{10, 100, 1'000, 10'000};

  process_pool pool;
  auto const counts = map(pool, limits, count_primes).blocking_get();

  for (std::size_t i = 0; i < limits.size(); ++i)
    std::printf("%d primes below %d\n", counts[i], limits[i]);
}
