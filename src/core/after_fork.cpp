// SPDX-License-Identifier: Apache-2.0
// The words about forks.
#include <new>

#include <quartet/base/assert.hpp>
#include <quartet/base/errors.hpp>
#include <quartet/base/new_error.hpp>
#include <quartet/core/detail/after_fork.hpp>
#include <quartet/seam/atomic.hpp>

namespace quartet::detail {

std::exception_ptr left_in_parent() noexcept {
  return new_error<closed>(
      "this process is the child of a fork, and those who would do this, threads or processes, "
      "belong to its parent: make pools after the fork, or use a process_pool instead of it");
}

void end_lone_worker() noexcept {
  assertion_failed("the pool's threads are in this process",
                   "a task of a pool forked, and its child came back to the pool, whose other "
                   "threads stayed in the parent: end the child in the task by exec or _exit",
                   __FILE__, __LINE__);
}

void leave_to_parent(void* p) noexcept {
  struct kept {
    void* p;
    kept* next;
  };
  static constinit seam::atomic<kept*> all{nullptr};
  auto* const k = new (std::nothrow) kept{p, nullptr};
  if (k != nullptr) k->next = all.exchange(k, seam::relaxed);
}

}  // namespace quartet::detail
