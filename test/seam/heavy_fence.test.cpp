// SPDX-License-Identifier: Apache-2.0
// A fence for all threads says whether it reached them.
#include <array>
#include <cerrno>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <quartet/seam/atomic.hpp>

using namespace quartet;

namespace {

/// From now on the system refuses membarrier(2) to this thread. False: it cannot be told to.
bool refuse_membarrier() {
  std::array<sock_filter, 4> rules{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),  // the number of the system call
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  sock_fprog const filter{rules.size(), rules.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

TEST(heavy_fence, reaches_all_where_the_system_has_one_for_all) {
  EXPECT_EQ(seam::heavy_fence(), seam::heavy_fence_reaches_all());
}

// A filter may come after the first use: then it has to say so, each time.
TEST(heavy_fence, says_that_it_reached_nobody_else_once_the_system_refuses_it) {
  enum : int { right = 0, wrong = 1, no_filters = 77 };
  pid_t const child = fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    bool const before = seam::heavy_fence();
    if (!refuse_membarrier()) _exit(no_filters);
    _exit(before == seam::heavy_fence_reaches_all() && !seam::heavy_fence() ? right : wrong);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == no_filters) GTEST_SKIP() << "needs filters of system calls";
  EXPECT_EQ(WEXITSTATUS(status), right);
}
