// SPDX-License-Identifier: Apache-2.0
// What the others should have been: bulk calls and results.
// compiles

#include <atomic>
#include <memory>
#include <vector>

#include <quartet/quartet.hpp>

double half(int x);
double half(double x);
template <class T> T twice(T x);
std::unique_ptr<int> make(int x);

std::vector<double> use(quartet::thread_pool& pool, std::vector<int> const& numbers,
                        std::atomic<int>& sum) {
  for_each(pool, numbers, [&sum](int x) { sum += x; }).blocking_get();
  map(pool, numbers, twice<int>, {.workers = 2}).blocking_get();
  auto const owned = map(pool, numbers, make).blocking_get();
  return map(pool, numbers, [](auto x) { return half(x); }).blocking_get();
}
