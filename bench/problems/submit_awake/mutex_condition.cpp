// SPDX-License-Identifier: Apache-2.0
// submit_awake on the pool that everybody writes first.
#include "problem.hpp"
#include "support/blocking_pools.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  bench::blocking_pool<bench::mutex_queue> pool{given.workers};
  submit_awake::measure(given, [&](auto call) { pool.submit(call); });
}
