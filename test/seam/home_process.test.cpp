// SPDX-License-Identifier: Apache-2.0
// The process that uses something first is its home; a fork has another one.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <quartet/seam/home_process.hpp>

using namespace quartet;

namespace {

/// Whether `yes()` in the child of a fork.
template <class F> bool holds_in_child(F yes) {
  pid_t const child = fork();
  if (child == 0) _exit(yes() ? 1 : 2);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

TEST(home_process, is_where_it_was_used_first) {
  seam::home_process used, unused;
  EXPECT_FALSE(used.is_elsewhere());
  EXPECT_TRUE(used.is_here());
  EXPECT_TRUE(holds_in_child([&] { return !used.is_here() && used.is_elsewhere(); }));
  EXPECT_TRUE(holds_in_child([&] { return unused.is_here() && !unused.is_elsewhere(); }));
  EXPECT_TRUE(used.is_here());
  EXPECT_TRUE(unused.is_here());
}

TEST(home_process, is_no_grandchild_either) {
  seam::home_process used;
  used.is_here();
  EXPECT_TRUE(holds_in_child([&] { return holds_in_child([&] { return used.is_elsewhere(); }); }));
}

TEST(home_process, counts_forks) {
  std::uint32_t const here = seam::forks();
  EXPECT_TRUE(holds_in_child([&] { return seam::forks() == here + 1; }));
  EXPECT_EQ(seam::forks(), here);
}

}  // namespace
