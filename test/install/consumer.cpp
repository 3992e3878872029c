// SPDX-License-Identifier: Apache-2.0
// A user of the installed package: one result from each model.
#include <cstdio>
#include <vector>

#include <quartet/quartet.hpp>

namespace {

int square(int x) { return x * x; }

template <class Executor> bool squares_on(Executor& executor) {
  std::vector<int> const numbers{1, 2, 3};
  return quartet::map(executor, numbers, square).blocking_get() == std::vector<int>{1, 4, 9};
}

}  // namespace

int main() {
  quartet::inline_executor here;
  quartet::thread_pool threads;
  quartet::process_pool processes;
  bool const right = squares_on(here) && squares_on(threads) && squares_on(processes);
  std::puts(right ? "the installed package works" : "the installed package computes nonsense");
  return right ? 0 : 1;
}
