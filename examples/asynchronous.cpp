// SPDX-License-Identifier: Apache-2.0
// Asynchronous: one block of code at a time; at each co_await another task may go on.
#include <cstdio>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

task<> do_first() {
  std::puts("Running do_first block 1");
  co_await yield();  // let the others run
  std::puts("Running do_first block 2");
}

task<> do_second() {
  std::puts("Running do_second block 1");
  co_await yield();
  std::puts("Running do_second block 2");
}

// A group starts tasks and ends when the last of them has ended.
task<> both() {
  co_await with_group([](group& g) {
    g.spawn(do_first);
    g.spawn(do_second);
  });
}

}  // namespace

int main() {
  event_loop loop;
  loop.run(both);
}
