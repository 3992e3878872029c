// SPDX-License-Identifier: Apache-2.0
// eventfd, through the machine.
#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>

#include <quartet/os/doorbell.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet::os {

doorbell::doorbell()
    : event_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "cannot create a doorbell")) {}

void doorbell::ring(place where) noexcept {
  if (seam::hooked()) [[unlikely]]
    seam::announce(seam::kind::transfer, this, true, seam::release, where);
  int const kept = errno;
  std::uint64_t const one = 1;
  // EAGAIN: the counter is full, so it is readable already.
  while (seam::this_machine().write(event_.get(), &one, sizeof one) < 0 && errno == EINTR) {
  }
  errno = kept;
}

bool doorbell::drain(place where) noexcept {
  if (seam::hooked()) [[unlikely]]
    seam::announce(seam::kind::transfer, this, true, seam::acquire, where);
  int const kept = errno;
  std::uint64_t rings = 0;
  std::ptrdiff_t got;
  do got = seam::this_machine().read(event_.get(), &rings, sizeof rings);
  while (got < 0 && errno == EINTR);
  errno = kept;
  return got == sizeof rings;
}

}  // namespace quartet::os
