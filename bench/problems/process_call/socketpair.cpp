// SPDX-License-Identifier: Apache-2.0
// process_call by hand over a pair of local sockets.
#include <sys/socket.h>

#include "problem.hpp"
#include "support/child.hpp"
#include "support/stream_echo.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
    std::perror("socketpair");
    return 1;
  }
  bench::child worker{[&] {
    for (long value = 0; bench::read_long(ends[1], value);) {
      bench::write_long(ends[1], process_call::echo(value));
    }
  }};
  process_call::measure_echo(given, [&](long value) {
    bench::write_long(ends[0], value);
    bench::read_long(ends[0], value);
    return value;
  });
}
