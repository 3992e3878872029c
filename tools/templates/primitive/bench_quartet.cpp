// SPDX-License-Identifier: Apache-2.0
// @NAME@ with ours.
#include <quartet/sync/@NAME@.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  quartet::@NAME@ one;
  @NAME@_problem::measure(
      bench::parse(argc, argv), [&] { return one.try_take(); }, [&] { one.give_back(); });
}
