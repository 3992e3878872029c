// SPDX-License-Identifier: Apache-2.0
// process_call on quartet's process_pool.
#include <quartet/algo/map.hpp>
#include <quartet/exec/processes/process_pool.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  using process_call::longs;
  quartet::process_pool pool({.workers = static_cast<unsigned>(given.workers)});
  process_call::measure_echo(
      given, [&](long x) { return pool.submit(&process_call::echo, x).blocking_get(); });
  process_call::measure_tiny(given, "tiny", [&](longs const& numbers) {
    return quartet::map(pool, numbers, &process_call::increment).blocking_get();
  });
  process_call::measure_tiny(given, "tiny_unchunked", [&](longs const& numbers) {
    return quartet::map(pool, numbers, &process_call::increment, {.chunk = 1}).blocking_get();
  });
}
