// SPDX-License-Identifier: Apache-2.0
// Closes and duplicates descriptors.
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include <quartet/os/error.hpp>
#include <quartet/os/fd.hpp>

namespace quartet::os {

void fd::reset(int number) noexcept {
  int const old = std::exchange(number_, number < 0 ? -1 : number);
  if (old < 0) return;
  int const kept = errno;
  ::close(old);  // on Linux the number is free even after EINTR: never again
  errno = kept;
}

fd fd::duplicate() const {
  return checked(fcntl(number_, F_DUPFD_CLOEXEC, 0), "cannot duplicate a descriptor");
}

fd checked(int result, char const* what) {
  if (result < 0) throw_errno(what);
  return fd(result);
}

}  // namespace quartet::os
