// SPDX-License-Identifier: Apache-2.0
// @NAME@ with the standard library's mutex: the yardstick.
#include <mutex>

#include "problem.hpp"

int main(int argc, char** argv) {
  std::mutex one;
  @NAME@_problem::measure(
      bench::parse(argc, argv), [&] { return one.try_lock(); }, [&] { one.unlock(); });
}
