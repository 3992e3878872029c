// SPDX-License-Identifier: Apache-2.0
// process_call by hand over two pipes.
#include "problem.hpp"
#include "support/child.hpp"
#include "support/stream_echo.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  int there[2];
  int back[2];
  if (pipe(there) != 0 || pipe(back) != 0) {
    std::perror("pipe");
    return 1;
  }
  bench::child worker{[&] {
    for (long value = 0; bench::read_long(there[0], value);) {
      bench::write_long(back[1], process_call::echo(value));
    }
  }};
  process_call::measure_echo(given, [&](long value) {
    bench::write_long(there[1], value);
    bench::read_long(back[0], value);
    return value;
  });
}
