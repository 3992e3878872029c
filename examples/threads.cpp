// SPDX-License-Identifier: Apache-2.0
// Threads: the system switches between them, at any line; the order of the output varies.
#include <cstdio>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

void do_first() {
  std::puts("Running do_first line 1");
  std::puts("Running do_first line 2");
  std::puts("Running do_first line 3");
}

void do_second() {
  std::puts("Running do_second line 1");
  std::puts("Running do_second line 2");
  std::puts("Running do_second line 3");
}

}  // namespace

int main() {
  thread first{do_first};
  thread second{do_second};
  first.join();
  second.join();
}
