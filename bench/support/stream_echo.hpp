// SPDX-License-Identifier: Apache-2.0
// Eight bytes at a time over two file descriptors; what the kernel's byte streams cost.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace bench {

inline void write_long(int fd, long value) {
  if (write(fd, &value, sizeof value) == sizeof value) return;
  std::perror("write");
  std::_Exit(1);
}

/// False at the end of the stream.
inline bool read_long(int fd, long& value) {
  ssize_t const got = read(fd, &value, sizeof value);
  if (got == sizeof value) return true;
  if (got == 0) return false;
  std::perror("read");
  std::_Exit(1);
}

}  // namespace bench
