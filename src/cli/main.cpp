// SPDX-License-Identifier: Apache-2.0
// The program: standard streams, and what stands behind them.
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

#include <quartet/cli/run.hpp>

namespace {

unsigned columns_of(int fd) {
  winsize size{};
  return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : 80;
}

}  // namespace

int main(int argc, char** argv) {
  quartet::cli::streams io{.out = std::cout,
                           .err = std::cerr,
                           .out_terminal = isatty(STDOUT_FILENO) == 1,
                           .err_terminal = isatty(STDERR_FILENO) == 1,
                           .columns = columns_of(STDERR_FILENO)};
  return quartet::cli::run(argc, argv, io);
}
