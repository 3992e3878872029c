// SPDX-License-Identifier: Apache-2.0
// A fence that one thread makes for all of the process: membarrier(2).
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <quartet/seam/atomic.hpp>

namespace quartet::seam {

namespace {
bool barrier(int command) noexcept { return ::syscall(SYS_membarrier, command, 0, 0) == 0; }
bool registered() noexcept {
#if defined(QUARTET_TSAN)
  return false;  // it sees no system call as a fence
#else
  static bool const yes = barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
  return yes;
#endif
}
}  // namespace

bool heavy_fence_reaches_all() noexcept { return registered(); }

bool heavy_fence(place w) noexcept {
  fence(w);
  if (!registered()) return false;
  if (barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) return true;
  // A process that was forked without our knowledge may have to ask anew.
  return barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) &&
         barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

}  // namespace quartet::seam
