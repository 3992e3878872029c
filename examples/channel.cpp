// SPDX-License-Identifier: Apache-2.0
// A channel between a thread and a coroutine: the thread blocks, the coroutine suspends.
#include <cstdio>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

void count(channel<int>& out) {
  for (int i = 1; i <= 5; ++i) out.blocking_send(i);
  out.close();
}

task<int> sum(channel<int>& in) {
  int total = 0;
  while (auto number = co_await in.recv()) total += *number;
  co_return total;
}

}  // namespace

int main() {
  channel<int> numbers{2};  // holds two; whoever sends a third waits
  thread counter{count, std::ref(numbers)};

  event_loop loop;
  int const total = loop.run(sum, std::ref(numbers));

  counter.join();
  std::printf("the sum is %d\n", total);
}
