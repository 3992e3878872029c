// SPDX-License-Identifier: Apache-2.0
// What the others should have been: calls.
// compiles

#include <memory>
#include <mutex>
#include <string>

#include <quartet/quartet.hpp>

quartet::task<int> work(int x);
int twice(int x);
double twice(double x);
template <class T> T thrice(T x);
void add_to(int& sum, int x);
quartet::task<int> forwarded(int x) { return work(x); }

quartet::task<int> use(quartet::thread_pool& pool, quartet::process_pool& processes) {
  int sum = co_await forwarded(1);
  auto later = pool.submit(work, 1);
  sum += co_await pool.submit([](auto x) { return twice(x); }, 1);
  sum += co_await pool.submit(static_cast<int (*)(int)>(twice), 1);
  auto const text = co_await pool.submit(thrice<std::string>, std::string("a"));
  sum += co_await processes.submit(quartet::fn<static_cast<int (*)(int)>(&twice)>, 1);
  co_await pool.submit(add_to, std::ref(sum), 1);
  sum += co_await pool.submit({}, work, 1) + co_await pool.submit({.name = "named"}, work, 1);
  auto const body = [&](quartet::group& g) {
    g.spawn(work, int(text.size()));
    g.spawn({}, work, 1);
    g.spawn({.name = "named"}, work, 2);
  };
  co_await quartet::with_group(body);
  co_return sum + co_await later;
}
