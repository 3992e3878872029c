// SPDX-License-Identifier: Apache-2.0
// Work that divides itself: halves side by side, down to pieces too small to be worth it.
#include <algorithm>
#include <cstdio>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

struct chain {
  long start = 0;
  int length = 0;
};
bool shorter(chain a, chain b) { return a.length < b.length; }

chain longest_one_by_one(long first, long last) {
  chain best;
  for (long start = first; start != last; ++start) {
    int length = 1;
    for (long n = start; n != 1; n = n % 2 == 0 ? n / 2 : 3 * n + 1) ++length;
    best = std::max(best, {start, length}, shorter);
  }
  return best;
}

chain longest(long first, long last) {
  if (last - first < 1000) return longest_one_by_one(first, last);
  long const middle = first + (last - first) / 2;
  auto [left, right] = parallel_invoke([=] { return longest(first, middle); },
                                       [=] { return longest(middle, last); });
  return std::max(left, right, shorter);
}

// The same for coroutines: the branches may wait for the outside world meanwhile.
task<chain> longest_of_both(long a, long b, long c) {
  auto [left, right] =
      co_await fork_join([=] { return longest(a, b); }, [=] { return longest(b, c); });
  co_return std::max(left, right, shorter);
}

}  // namespace

int main() {
  thread_pool pool;
  auto const [start, length] = pool.submit(longest, 1L, 300'000L).blocking_get();
  std::printf("the longest chain begins with %ld and has %d numbers\n", start, length);
  auto const again = pool.submit(longest_of_both, 1L, 100'000L, 300'000L).blocking_get();
  std::printf("and again: %ld, %d\n", again.start, again.length);
}
