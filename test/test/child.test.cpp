// SPDX-License-Identifier: Apache-2.0
// Work in a child process: what comes back from it, and that nothing of it stays.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <quartet/test/detail/child.hpp>

using namespace std::chrono_literals;
using quartet::detail::child;
using quartet::detail::child_end;
using quartet::detail::in_child;
using quartet::detail::shared_pages;

TEST(child, answers_and_prints_without_being_seen) {
  child_end const end = in_child(30s, [](std::string& answer) {
    answer = "well";
    std::fputs("heard", stderr);
  });
  EXPECT_TRUE(end.well());
  EXPECT_EQ(end.answer, "well");
  EXPECT_EQ(end.printed, "heard");
}

TEST(child, ends_as_it_likes) {
  EXPECT_EQ(in_child(30s, [](std::string&) { _exit(3); }).code, 3);
  EXPECT_EQ(in_child(30s, [](std::string&) { throw 1; }).code, 70);
  EXPECT_EQ(in_child(30s, [](std::string&) { raise(SIGKILL); }).signal, SIGKILL);
}

TEST(child, without_progress_is_ended) {
  child_end const end = in_child(1ns, [](std::string&) {
    for (;;) pause();
  });
  EXPECT_TRUE(end.hung);
  EXPECT_FALSE(end.well());
}

TEST(child, leaves_what_it_wrote_to_shared_pages) {
  shared_pages const pages(sizeof(int));
  auto* const n = static_cast<int*>(pages.data());
  EXPECT_EQ(*n, 0);
  EXPECT_TRUE(in_child(30s, [&](std::string&) { *n = 5; }).well());
  EXPECT_EQ(*n, 5);
}

TEST(child, ends_with_a_parent_that_is_killed) {
  int alive[2];  // its writing end is open as long as one of them lives
  ASSERT_EQ(pipe(alive), 0);
  pid_t const parent = fork();
  if (parent == 0) {
    child const c(
        [](void* end, std::string&) {
          static_cast<void>(write(*static_cast<int*>(end), "!", 1));
          for (;;) pause();
        },
        &alive[1]);
    for (;;) pause();
  }
  close(alive[1]);
  char mark = 0;
  EXPECT_EQ(read(alive[0], &mark, 1), 1) << "the child runs";
  kill(parent, SIGKILL);
  EXPECT_EQ(read(alive[0], &mark, 1), 0) << "both have ended";
  close(alive[0]);
  waitpid(parent, nullptr, 0);
}
