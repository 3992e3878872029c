// SPDX-License-Identifier: Apache-2.0
// FUTEX_WAIT and FUTEX_WAKE without the private flag.
#include "shared_futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace quartet::detail::processes {

void shared_wait(seam::futex_word const& word, std::uint32_t expected) noexcept {
  if (seam::hooked()) [[unlikely]]
    seam::announce(seam::kind::futex_wait, &word, false, seam::acquire, place::here());
  syscall(SYS_futex, word.address(), FUTEX_WAIT, expected, nullptr, nullptr, 0);
}

void shared_wake(seam::futex_word const& word) noexcept {
  if (seam::hooked()) [[unlikely]]
    seam::announce(seam::kind::futex_wake, &word, true, seam::release, place::here());
  syscall(SYS_futex, word.address(), FUTEX_WAKE, 1 << 30, nullptr, nullptr, 0);
}

}  // namespace quartet::detail::processes
