// SPDX-License-Identifier: Apache-2.0
// Synchronous: one call after the other, in the order in which they are written.
#include <cstdio>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

void do_first() { std::puts("Running do_first"); }
void do_second() { std::puts("Running do_second"); }

}  // namespace

int main() {
  inline_executor here;
  here.submit(do_first).blocking_get();
  here.submit(do_second).blocking_get();
}
