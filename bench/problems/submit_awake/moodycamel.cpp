// SPDX-License-Identifier: Apache-2.0
// submit_awake on threads around moodycamel's blocking queue.
#include "problem.hpp"
#include "support/blocking_pools.hpp"
#include "support/moodycamel_queue.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  bench::blocking_pool<bench::moodycamel_queue> pool{given.workers};
  submit_awake::measure(given, [&](auto call) { pool.submit(call); });
}
