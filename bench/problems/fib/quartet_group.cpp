// SPDX-License-Identifier: Apache-2.0
// fib on quartet: a group in each call, one branch spawned, the other awaited in place.
#include <quartet/core/group.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "problem.hpp"

namespace {

using quartet::group;
using quartet::task;

task<long> forked(long n);

task<> into(long* to, long n) { *to = co_await forked(n); }

task<> both(group& g, long n, long* left, long* right) {
  g.spawn(into, left, n - 1);
  *right = co_await forked(n - 2);
}

task<long> forked(long n) {
  if (n < 2) co_return n;
  long left = 0;
  long right = 0;
  co_await quartet::with_group(both, n, &left, &right);
  co_return left + right;
}

}  // namespace

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::thread_pool pool({.workers = static_cast<unsigned>(given.workers)});
  fib::measure(given, [&](long n) { return pool.submit(forked, n).blocking_get(); });
}
