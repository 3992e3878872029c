// SPDX-License-Identifier: Apache-2.0
// Items through stages: computed side by side, printed in their order, and one sum of them all.
#include <cstdio>
#include <functional>
#include <numeric>
#include <vector>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

struct chain {
  long from;
  int length;
};

chain follow(long from) {
  int length = 1;
  for (long n = from; n != 1; ++length) n = n % 2 == 0 ? n / 2 : 3 * n + 1;
  return {from, length};
}

void print(chain c) { std::printf("%ld reaches 1 after %d numbers\n", c.from, c.length); }

int length_of(long from) { return follow(from).length; }

}  // namespace

int main() {
  thread_pool pool;
  std::vector<long> const starts{27, 97, 871, 6171};
  pipeline(pool, {.in_flight = 3}, starts, follow, in_order(print)).blocking_get();

  std::vector<long> all(10'000);
  std::iota(all.begin(), all.end(), 1);
  long const sum = reduce(pool, all, 0L, std::plus<>(), length_of).blocking_get();
  std::printf("%ld numbers in all chains from 1 to 10000\n", sum);
}
